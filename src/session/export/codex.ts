// A session as a rollout of Codex, so that `codex resume ID` goes on with it (tried with 0.169.0): the items that its
// model is sent again, and the events that its screen shows.
import type { OutputContent } from "../../protocol/content.ts";
import { answerItem, resultItem, textOf, userItem } from "./codex-items.ts";
import { uuidOf } from "./foreign-ids.ts";
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
      return [
        ["response_item", userItem(part.content)],
        ["event_msg", shown],
      ];
    }
    case "assistant":
      return part.content.flatMap(answerPayloads);
    case "result":
      return [["response_item", resultItem(part.result)]];
  }
}

function answerPayloads(part: OutputContent): Payload[] {
  const item = answerItem(part);
  if (item === null) return [];
  const shown: Payload[] =
    part.type === "text" ? [["event_msg", { type: "agent_message", message: part.text }]] : [];
  return [...shown, ["response_item", item]];
}
