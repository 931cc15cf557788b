// A session as a rollout of Codex, so that `codex resume ID` goes on with it (tried with 0.169.0): the items that its
// model is sent again, and the events that its screen shows.
import type { InputContent, OutputContent } from "../../protocol/content.ts";
import { callId, uuidOf } from "./foreign-ids.ts";
import type { Redaction } from "./redaction.ts";
import { type ExportBranch, type TalkPart, talkOf } from "./talk.ts";

/** The version whose lines these are. */
const VERSION = "0.169.0";

/** The id that Codex will know the session by: another one when the session went on. */
export function codexSessionId(branch: ExportBranch): string {
  return uuidOf("codex", branch.header.id, branch.entries.at(-1)?.id ?? "");
}

/** Where the file must lie under Codex's `sessions` folder, for Codex to find it; parts of a path. */
export function codexPlace(branch: ExportBranch): [year: string, month: string, day: string, file: string] {
  const [date = "", time = ""] = branch.header.time.slice(0, 19).split("T");
  const [year = "", month = "", day = ""] = date.split("-");
  return [year, month, day, `rollout-${date}T${time.replaceAll(":", "-")}-${codexSessionId(branch)}.jsonl`];
}

/** One line at a time, each with its line feed. `provider`: whom Codex asks; it refuses a session without. */
export function* exportCodex(
  branch: ExportBranch,
  { redaction, cwd, provider }: { redaction: Redaction; cwd: string; provider: string },
): Generator<string> {
  const { time: timestamp } = branch.header;
  const id = codexSessionId(branch);
  const meta = {
    id,
    timestamp,
    cwd,
    originator: "hearth",
    cli_version: VERSION,
    source: "cli",
    model_provider: provider,
  };
  yield line(timestamp, "session_meta", meta);
  for (const part of talkOf(branch, redaction)) {
    for (const [type, payload] of payloadsOf(part)) yield line(part.time, type, payload);
  }
}

function line(timestamp: string, type: string, payload: unknown): string {
  return `${JSON.stringify({ timestamp, type, payload })}\n`;
}

type Payload = [type: "response_item" | "event_msg", payload: unknown];

function payloadsOf(part: TalkPart): Payload[] {
  switch (part.kind) {
    case "user": {
      const words = textOf(part.content);
      const shown = { type: "user_message", message: words, images: [], local_images: [], text_elements: [] };
      const item = { type: "message", role: "user", content: part.content.map(inputPart) };
      return [
        ["response_item", item],
        ["event_msg", shown],
      ];
    }
    case "assistant":
      return part.content.flatMap(answerPayloads);
    case "result": {
      const { toolCallId, content } = part.result;
      const images = content.some(({ type }) => type === "image");
      const output = images ? content.map(inputPart) : textOf(content);
      return [["response_item", { type: "function_call_output", call_id: callId(toolCallId), output }]];
    }
  }
}

/** Thinking stays behind: the service takes only what it encrypted itself. */
function answerPayloads(part: OutputContent): Payload[] {
  switch (part.type) {
    case "text": {
      if (part.text.trim() === "") return [];
      const content = [{ type: "output_text", text: part.text }];
      return [
        ["event_msg", { type: "agent_message", message: part.text }],
        ["response_item", { type: "message", role: "assistant", content }],
      ];
    }
    case "tool_call": {
      const args = JSON.stringify(part.arguments);
      const call = { type: "function_call", name: functionName(part.name), arguments: args };
      return [["response_item", { ...call, call_id: callId(part.id) }]];
    }
    case "thinking":
      return [];
  }
}

/** As the service takes it: letters, digits, _ and -, 64 at most. */
function functionName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64) || "tool";
}

function inputPart(part: InputContent): unknown {
  if (part.type === "text") return { type: "input_text", text: part.text };
  return { type: "input_image", image_url: `data:${part.mimeType};base64,${part.data}` };
}

function textOf(content: readonly InputContent[]): string {
  return content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}
