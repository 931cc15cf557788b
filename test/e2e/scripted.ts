// A scripted talk with the built program: what the model says goes in, what it was told comes out.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RecordedRequest } from "../../src/server/stub/request-log.ts";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { newPlace, type Outcome, type Place, runHearth } from "../support/hearth.ts";
import { type TestStub, withStub } from "../support/stub.ts";

export type ToolCall = { name: string; arguments?: Record<string, unknown> | string; id?: string };
export type ToolAnswer = { id: string; text: string; isError: boolean };
export type Talk = Outcome & { place: Place; requests: readonly RecordedRequest[]; answers: ToolAnswer[] };

/** Runs `-p go` with the given flags against a model that says what `script` says. */
export async function talk(
  script: ScriptInput,
  flags: readonly string[],
  options: { place?: Place; env?: Record<string, string> } = {},
): Promise<Talk> {
  await using stub = await withStub(script);
  const place = options.place ?? (await newPlace());
  const outcome = await runHearth(pointedAt(place, stub), ["-p", "go", ...flags], {
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const requests = [...stub.requests];
  return { ...outcome, place, requests, answers: requests.flatMap(toolAnswers).filter(isFirst) };
}

/** One batch of calls in mode full, then the answer "done". */
export function callTools(
  place: Place,
  calls: readonly ToolCall[],
  flags: readonly string[] = ["--permission-mode", "full"],
): Promise<Talk> {
  return talk([{ toolCalls: [...calls] }, "done"], flags, { place });
}

/** The same place with its model requests sent to `stub`. */
export function pointedAt(place: Place, stub: TestStub): Place {
  return { ...place, env: { ...place.env, ANTHROPIC_BASE_URL: stub.url, ANTHROPIC_API_KEY: "stub-key" } };
}

/** What a recorded request of Anthropic's API holds, as far as the tests look. */
export type WireMessage = { role: string; content: string | WirePart[] };
type WirePart = {
  type: string;
  text?: string;
  id?: string;
  name?: string;
  tool_use_id?: string;
  content?: string | WirePart[];
  is_error?: boolean;
};
export type WireBody = { messages: WireMessage[]; tools?: { name: string }[]; system?: WirePart[] };

export function bodyOf(request: RecordedRequest | undefined): WireBody {
  if (request === undefined) throw new Error("There was no such request.");
  return request.body as WireBody;
}

export function messagesOf(request: RecordedRequest | undefined): WireMessage[] {
  return bodyOf(request).messages;
}

export function toolNames(request: RecordedRequest | undefined): string[] {
  return (bodyOf(request).tools ?? []).map((tool) => tool.name);
}

/** Texts of the messages with that role, in order; tool results left out. */
export function textsOf(request: RecordedRequest | undefined, role: "user" | "assistant"): string[] {
  return messagesOf(request)
    .filter((message) => message.role === role)
    .flatMap(({ content }) => partsOf(content))
    .flatMap((part) => (part.type === "text" ? [part.text ?? ""] : []));
}

export function toolAnswers(request: RecordedRequest): ToolAnswer[] {
  return messagesOf(request)
    .flatMap(({ content }) => partsOf(content))
    .filter((part) => part.type === "tool_result")
    .map((part) => ({
      id: part.tool_use_id ?? "",
      text: plainText(part.content ?? ""),
      isError: part.is_error === true,
    }));
}

/** Ids of calls that the request leaves without a result right after them; empty for a valid request. */
export function openCalls(request: RecordedRequest | undefined): string[] {
  const messages = messagesOf(request);
  return messages.flatMap((message, index) => {
    const calls = partsOf(message.content).flatMap((part) =>
      part.type === "tool_use" ? [part.id ?? ""] : [],
    );
    const next = messages[index + 1];
    const answered = new Set(next ? partsOf(next.content).map((part) => part.tool_use_id) : []);
    return calls.filter((id) => !answered.has(id));
  });
}

/** Ids of results that do not stand right after the message with their call; empty for a valid request. */
export function strayResults(request: RecordedRequest | undefined): string[] {
  const messages = messagesOf(request);
  return messages.flatMap((message, index) => {
    const before = messages[index - 1];
    const calls = new Set(before ? partsOf(before.content).map((part) => part.id) : []);
    return partsOf(message.content).flatMap((part) =>
      part.type === "tool_result" && !calls.has(part.tool_use_id) ? [part.tool_use_id ?? ""] : [],
    );
  });
}

export type SessionLine = { type: string; id: string; parentId: string | null } & Record<string, unknown>;

/** Paths of all session files of a place, oldest first. */
export async function sessionFiles(place: Place): Promise<string[]> {
  const dir = join(place.env.HEARTH_HOME ?? "", "sessions");
  const names = await readdir(dir, { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith(".jsonl"))
    .toSorted()
    .map((name) => join(dir, name));
}

/** The one session file of a place. */
export async function sessionFile(place: Place): Promise<string> {
  const files = await sessionFiles(place);
  const [file] = files;
  if (file === undefined || files.length > 1) throw new Error(`There are ${files.length} session files.`);
  return file;
}

export async function sessionLines(file: string): Promise<SessionLine[]> {
  const text = await readFile(file, "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as SessionLine);
}

function isFirst(answer: ToolAnswer, index: number, answers: readonly ToolAnswer[]): boolean {
  return answers.findIndex(({ id }) => id === answer.id) === index;
}

function partsOf(content: string | WirePart[]): WirePart[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

function plainText(content: string | WirePart[]): string {
  return partsOf(content)
    .map((part) => part.text ?? "")
    .join("\n");
}
