// One tool call, from the model's words to exactly one result. Whatever goes wrong becomes an error result.
import { toFailure } from "../lib/app-error.ts";
import { nearest } from "../lib/nearest.ts";
import type { Gate, GateVerdict } from "../protocol/approval.ts";
import type { InputContent, ToolCallContent } from "../protocol/content.ts";
import type { EmitEvent } from "../protocol/event.ts";
import type { ToolResultMessage } from "../protocol/message.ts";
import type { Tool, ToolDetails, ToolOutput } from "../protocol/tool.ts";
import { post } from "./post.ts";
import type { RunControl } from "./run-control.ts";

export type ToolCallContext = {
  tools: readonly Tool[];
  gate: Gate;
  control: RunControl;
  emit: EmitEvent;
  now: () => number;
  /** Resolves after so many milliseconds. */
  sleep: (milliseconds: number) => Promise<void>;
};

export type FinishedCall = { result: ToolResultMessage; terminal: boolean };

/** A tool must stop on abort; one that has not after this long (bash takes TERM, 2 s, KILL) is left behind. */
const ABANDON_MS = 5_000;

type Attempt = ToolCallContext & {
  call: ToolCallContent;
  /** Aborts on interrupt and on "steer now". */
  stop: AbortSignal;
  /** Emits tool_start, once. */
  start: (args: Record<string, unknown>, tool?: Tool) => void;
};

/** Never throws. `refusal` fails the call unrun, with this text. */
export async function runToolCall(
  call: ToolCallContent,
  context: ToolCallContext,
  refusal?: string,
): Promise<FinishedCall> {
  const { emit, control, tools, now } = context;
  const toolCallId = call.id;
  let startedMs: number | undefined;
  const start: Attempt["start"] = (args, tool) => {
    if (startedMs !== undefined) return;
    startedMs = now();
    const offer = tool?.backgroundable ? { backgroundable: true } : {};
    post(emit, { type: "tool_start", toolCallId, name: call.name, arguments: args, ...offer });
  };
  const stop = AbortSignal.any([control.signal, control.redirect()]);
  const output = refusal === undefined ? await attempt({ ...context, call, stop, start }) : failed(refusal);
  start(call.arguments);
  const { content, isError = false } = output;
  const details = { durationMs: now() - (startedMs ?? now()), ...output.details };
  post(emit, { type: "tool_end", toolCallId, name: call.name, isError, content, details });
  const terminal = !isError && tools.some((tool) => tool.name === call.name && tool.terminal);
  return {
    result: { role: "tool_result", toolCallId, toolName: call.name, content, isError, details },
    terminal,
  };
}

async function attempt(context: Attempt): Promise<ToolOutput> {
  const { call, tools } = context;
  const tool = tools.find((candidate) => candidate.name === call.name);
  if (!tool) return failed(notFound(call.name, tools));
  if (call.invalidArguments !== undefined) {
    return failed(
      `the arguments of ${call.name} are not valid JSON; nothing was run: ${clip(call.invalidArguments)}`,
    );
  }
  try {
    const asked = tool.parse(call.arguments);
    const permitted = await permit(tool, asked, context);
    if ("content" in permitted) return permitted;
    const edited = JSON.stringify(permitted.arguments) !== JSON.stringify(asked);
    const args = edited ? tool.parse(permitted.arguments) : asked;
    context.start(args, tool);
    const output = await execute(tool, args, context);
    return edited
      ? withText(output, `(the arguments were changed before it ran: ${JSON.stringify(args)})`)
      : output;
  } catch (error) {
    return failed(failureText(error));
  }
}

/** Passes the gate; nothing external happens while paused. */
async function permit(
  tool: Tool,
  args: Record<string, unknown>,
  context: Attempt,
): Promise<{ arguments: Record<string, unknown> } | ToolOutput> {
  const { call, gate, control, stop } = context;
  await ready(control);
  if (stop.aborted) return failed(notRun(control));
  const verdict = await gate
    .check(
      { toolCallId: call.id, name: call.name, arguments: args, tool },
      { ask: (request) => control.ask(request, stop), signal: stop },
    )
    .catch((error: unknown) => {
      if (!stop.aborted) throw error;
    });
  await ready(control);
  if (!verdict || stop.aborted) return failed(notRun(control));
  return verdict.allowed ? verdict : { ...failed(verdict.message), details: denialDetails(verdict) };
}

/** What the screen shows of a refusal. */
export function denialDetails({
  kind,
  reason,
  flags,
}: Extract<GateVerdict, { allowed: false }>): ToolDetails {
  return {
    denial: kind,
    ...(reason === undefined ? {} : { reason }),
    ...(flags === undefined ? {} : { flags }),
  };
}

async function ready(control: RunControl): Promise<void> {
  await control.waitWhilePaused();
  if (!control.signal.aborted) control.setState("running_tools");
}

async function execute(tool: Tool, args: Record<string, unknown>, context: Attempt): Promise<ToolOutput> {
  const { call, emit, stop, control } = context;
  const toolCallId = call.id;
  const onUpdate = (text: string) => post(emit, { type: "tool_update", toolCallId, text });
  const offer = tool.backgroundable ? control.offerBackground(toolCallId) : null;
  const options = { toolCallId, onUpdate, signal: stop };
  try {
    const running = tool.execute(args, offer ? { ...options, background: offer.signal } : options);
    const output = await Promise.race([running, abandoned(context)]);
    return stop.aborted && output.isError ? withText(output, cancelled(control)) : output;
  } catch (error) {
    return failed(stop.aborted ? cancelled(control) : failureText(error));
  } finally {
    offer?.close();
  }
}

/** Settles only for a tool that does not stop when told to. */
function abandoned({ stop, sleep, control }: Attempt): Promise<ToolOutput> {
  return new Promise((resolve) => {
    const leave = async () => {
      await sleep(ABANDON_MS);
      resolve(failed(`${cancelled(control)}; the tool did not stop and was left behind`));
    };
    stop.addEventListener("abort", () => void leave(), { once: true });
  });
}

/** What a call that was cut short answers: the person either interrupted the run or redirected it. */
function cancelled(control: RunControl): string {
  return control.signal.aborted ? "cancelled by user" : "cancelled: the user redirected";
}

export function notRun(control: RunControl): string {
  return control.signal.aborted ? "not run: cancelled by user" : "skipped: the user redirected";
}

function notFound(name: string, tools: readonly Tool[]): string {
  const names = tools.map((tool) => tool.name);
  const near = nearest(name, names);
  return `tool not found: ${name}. ${near ? `Did you mean ${near}?` : `There are: ${names.join(", ")}.`}`;
}

function failed(text: string): ToolOutput {
  return { content: [{ type: "text", text }], isError: true };
}

function withText(output: ToolOutput, text: string): ToolOutput {
  const line: InputContent = { type: "text", text };
  return { ...output, content: [...output.content, line] };
}

function failureText(error: unknown): string {
  const { message, hint } = toFailure(error);
  return hint ? `${message}\n${hint}` : message;
}

function clip(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}
