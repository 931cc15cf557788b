// A talk as `opencode export` prints a session, for `opencode import` (tried with 1.18.33).
import type { InputContent, ToolCallContent } from "../../protocol/content.ts";
import type { ToolResultMessage } from "../../protocol/message.ts";
import { callId, uuidOf } from "./foreign-ids.ts";
import { resultsOf, type TalkPart } from "./talk.ts";

/** The version whose sessions these are. */
const VERSION = "1.18.33";
const TOOLS: Readonly<Record<string, string>> = { ls: "list" };

export type OpencodeSession = {
  cwd: string;
  /** ISO 8601, before anything that is said in it afterwards: opencode puts its messages in the order of their ids. */
  time: string;
  title: string;
  /** What tells this session from others of the same time. */
  seed: string;
};

type Ids = { session: string; next: (kind: "msg" | "prt") => string };

export function opencodeSessionId({ time, seed }: OpencodeSession): string {
  return `ses_${stamp(~moment(time))}${tail(seed, "ses")}`;
}

export function opencodeExport(parts: readonly TalkPart[], session: OpencodeSession): string {
  const { cwd, time, title, seed } = session;
  const id = opencodeSessionId(session);
  let count = 0n;
  const next = (kind: string) => `${kind}_${stamp(moment(time) + ++count)}${tail(seed, `${count}`)}`;
  const ids = { session: id, next };
  const created = Date.parse(time);
  const info = {
    id,
    slug: "hearth",
    projectID: "global",
    directory: cwd,
    title,
    version: VERSION,
    time: { created, updated: created },
  };
  const results = resultsOf(parts);
  const messages: unknown[] = [];
  let parentID = "";
  for (const part of parts) {
    if (part.kind === "result") continue;
    const message =
      part.kind === "user" ? prompt(part, ids, created) : answer(part, ids, { results, parentID, cwd });
    if (part.kind === "user") parentID = message.info.id;
    messages.push(message);
  }
  return `${JSON.stringify({ info, messages })}\n`;
}

/** opencode's ids begin with the time in 4096ths of a millisecond, 48 bits of it; a session's with the reverse. */
function moment(time: string): bigint {
  return BigInt(Date.parse(time)) * 0x1000n;
}

function stamp(value: bigint): string {
  return BigInt.asUintN(48, value).toString(16).padStart(12, "0");
}

function tail(...names: string[]): string {
  return uuidOf(...names)
    .replaceAll("-", "")
    .slice(0, 14);
}

/** Nobody's, so that opencode takes its own. */
const MODEL = { providerID: "hearth", modelID: "hearth" };

function prompt(part: Extract<TalkPart, { kind: "user" }>, ids: Ids, created: number) {
  const id = ids.next("msg");
  const info = { id, sessionID: ids.session, role: "user", time: { created }, agent: "build", model: MODEL };
  return { info, parts: part.content.map((each) => own(ids, id, inputPart(each))) };
}

type Context = { results: ReadonlyMap<string, ToolResultMessage>; parentID: string; cwd: string };

function answer(part: Extract<TalkPart, { kind: "assistant" }>, ids: Ids, context: Context) {
  const id = ids.next("msg");
  const created = Date.parse(part.time);
  const { cwd, parentID, results } = context;
  const calls = part.content.some(({ type }) => type === "tool_call");
  const info = {
    id,
    sessionID: ids.session,
    role: "assistant",
    parentID,
    mode: "build",
    agent: "build",
    path: { cwd, root: cwd },
    cost: 0,
    tokens: { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } },
    ...MODEL,
    time: { created, completed: created },
    finish: calls ? "tool-calls" : "stop",
  };
  const time = { start: created, end: created };
  const parts = part.content.flatMap((each): Record<string, unknown>[] => {
    // Thinking stays behind: it belongs to the service that signed it.
    if (each.type === "thinking") return [];
    if (each.type === "tool_call") return [toolPart(each, results.get(each.id), time)];
    return each.text.trim() === "" ? [] : [{ type: "text", text: each.text, time }];
  });
  return { info, parts: parts.map((each) => own(ids, id, each)) };
}

function own(ids: Ids, messageID: string, part: Record<string, unknown>) {
  return { ...part, id: ids.next("prt"), sessionID: ids.session, messageID };
}

function toolPart(
  call: ToolCallContent,
  result: ToolResultMessage | undefined,
  time: { start: number; end: number },
): Record<string, unknown> {
  const output = (result?.content ?? [{ type: "text" as const, text: "(no result)" }])
    .map((part) => (part.type === "text" ? part.text : `[${part.type}]`))
    .join("\n");
  const failed = result === undefined || result.isError;
  const input = call.arguments;
  const state = failed
    ? { status: "error", input, error: output, time }
    : { status: "completed", input, output, title: call.name, metadata: {}, time };
  return { type: "tool", tool: TOOLS[call.name] ?? call.name, callID: callId(call.id), state };
}

function inputPart(part: InputContent): Record<string, unknown> {
  if (part.type === "text") return { type: "text", text: part.text };
  return { type: "file", mime: part.mimeType, url: `data:${part.mimeType};base64,${part.data}` };
}
