// Tool calls as updates: announced with the model's words, filled in as more is known, closed once.
import type { InputContent } from "../protocol/content.ts";
import type { AgentEvent } from "../protocol/event.ts";
import type { PlanEntry, ToolDetails } from "../protocol/tool.ts";
import { liveContent, resultContent, resultText, toolKind, toolLocations, toolTitle } from "./tool-view.ts";
import type { SessionUpdate } from "./wire.ts";

type Args = Record<string, unknown>;
type Call = {
  name: string;
  announced: boolean;
  /** The arguments that were told, as JSON. */
  described: string;
  running: boolean;
  ended: boolean;
  output: string;
  shownMs: number;
  terminalId: string | undefined;
};
type ToolEvent<T extends AgentEvent["type"]> = Extract<AgentEvent, { type: T }>;

/** An editor is told what a command prints at most so often, and no more of it than the newest part. */
const LIVE_MS = 150;
const LIVE_LENGTH = 16_000;

export class CallUpdates {
  readonly #cwd: string;
  readonly #send: (update: SessionUpdate) => void;
  readonly #now: () => number;
  readonly #calls = new Map<string, Call>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: { cwd: string; send: (update: SessionUpdate) => void; now: () => number }) {
    this.#cwd = options.cwd;
    this.#send = options.send;
    this.#now = options.now;
  }

  /** The model has begun to call it; its arguments come later. */
  announce(toolCallId: string, name: string): void {
    const call = this.#call(toolCallId, name);
    if (call.announced) return;
    call.announced = true;
    this.#send({
      sessionUpdate: "tool_call",
      toolCallId,
      name,
      title: name,
      kind: toolKind(name),
      status: "pending",
    });
  }

  /** The model's arguments are whole. */
  describe(toolCallId: string, name: string, args: Args): void {
    const call = this.#call(toolCallId, name);
    const described = JSON.stringify(args);
    if (call.described === described) return;
    call.described = described;
    const about = {
      toolCallId,
      title: toolTitle(name, args),
      kind: toolKind(name),
      locations: toolLocations(args, this.#cwd),
      rawInput: args,
    };
    if (call.announced) this.#send({ sessionUpdate: "tool_call_update", ...about });
    else this.#send({ sessionUpdate: "tool_call", ...about, name, status: "pending" });
    call.announced = true;
  }

  start({ toolCallId, name, arguments: args }: ToolEvent<"tool_start">): void {
    const call = this.#call(toolCallId, name);
    call.running = true;
    this.describe(toolCallId, name, args);
    this.#send({ sessionUpdate: "tool_call_update", toolCallId, status: "in_progress" });
  }

  /** The call runs in a terminal of the client's. False when no such call runs. */
  showTerminal(terminalId: string): boolean {
    const found = [...this.#calls].findLast(
      ([, { name, running }]) => running && toolKind(name) === "execute",
    );
    if (!found) return false;
    const [toolCallId, call] = found;
    call.terminalId = terminalId;
    this.#send({
      sessionUpdate: "tool_call_update",
      toolCallId,
      content: [{ type: "terminal", terminalId }],
    });
    return true;
  }

  output({ toolCallId, text }: ToolEvent<"tool_update">): void {
    const call = this.#calls.get(toolCallId);
    if (!call || call.terminalId !== undefined) return;
    call.output = (call.output + text).slice(-LIVE_LENGTH);
    if (this.#now() - call.shownMs >= LIVE_MS) this.#show(toolCallId, call);
    else this.#timer ??= setTimeout(() => this.#showAll(), LIVE_MS);
  }

  end({ toolCallId, name, isError, content, details }: ToolEvent<"tool_end">): void {
    const call = this.#call(toolCallId, name);
    if (!call.announced) this.describe(toolCallId, name, {});
    this.#close(toolCallId, call, { isError, content, details: toolDetails(details) });
  }

  /** A result from a saved session, or of a call that was never run. */
  result(
    toolCallId: string,
    name: string,
    result: { isError: boolean; content: readonly InputContent[] },
  ): void {
    const call = this.#call(toolCallId, name);
    if (!call.ended && call.announced) this.#close(toolCallId, call, { ...result, details: undefined });
  }

  /** Calls whose message is void: they will never run. */
  drop(): void {
    for (const [toolCallId, call] of this.#calls) {
      if (!call.ended && !call.running)
        this.#close(toolCallId, call, { isError: true, content: [], details: undefined });
    }
  }

  #close(
    toolCallId: string,
    call: Call,
    result: { isError: boolean; content: readonly InputContent[]; details: ToolDetails | undefined },
  ): void {
    call.running = false;
    call.ended = true;
    call.output = "";
    const { name, terminalId } = call;
    this.#send({
      sessionUpdate: "tool_call_update",
      toolCallId,
      status: result.isError ? "failed" : "completed",
      ...resultContent({ name, terminalId, ...result }, this.#cwd),
      rawOutput: rawOutput(result),
    });
    const plan = result.details?.plan;
    if (Array.isArray(plan)) this.#send(planUpdate(plan));
  }

  #call(toolCallId: string, name: string): Call {
    const known = this.#calls.get(toolCallId);
    if (known) return known;
    const call: Call = {
      name,
      announced: false,
      described: "",
      running: false,
      ended: false,
      output: "",
      shownMs: 0,
      terminalId: undefined,
    };
    this.#calls.set(toolCallId, call);
    return call;
  }

  #showAll(): void {
    this.#timer = null;
    for (const [toolCallId, call] of this.#calls) if (call.running) this.#show(toolCallId, call);
  }

  #show(toolCallId: string, call: Call): void {
    call.shownMs = this.#now();
    const content = liveContent(call.output);
    if (content.length > 0 && call.running && call.terminalId === undefined)
      this.#send({ sessionUpdate: "tool_call_update", toolCallId, content });
  }
}

export function planUpdate(entries: readonly PlanEntry[]): SessionUpdate {
  return {
    sessionUpdate: "plan",
    entries: entries.map(({ text, status }) => ({ content: text, status, priority: "medium" })),
  };
}

function rawOutput({
  content,
  details,
}: {
  content: readonly InputContent[];
  details: ToolDetails | undefined;
}): Record<string, unknown> {
  const { exitCode, summary } = details ?? {};
  return {
    output: resultText(content),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(summary === undefined ? {} : { summary }),
  };
}

/** Details pass the event as unknown; each field is looked at where it is used. */
function toolDetails(details: unknown): ToolDetails | undefined {
  return typeof details === "object" && details !== null ? { ...details } : undefined;
}
