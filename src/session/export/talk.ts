// A branch as the talk that another agent goes on with: what a model would be shown, in order, with times. Pure.
import type { InputContent, OutputContent } from "../../protocol/content.ts";
import type { Message, ToolResultMessage } from "../../protocol/message.ts";
import { sessionContext } from "../context.ts";
import type { SessionBranch } from "../read.ts";
import { summaryText } from "./handover.prompt.ts";
import type { Redaction } from "./redaction.ts";

export type ExportBranch = Pick<SessionBranch, "header" | "entries" | "state">;

type Placed = { id: string; time: string };

export type TalkPart =
  | (Placed & { kind: "user"; content: InputContent[] })
  | (Placed & {
      kind: "assistant";
      content: OutputContent[];
      message: Extract<Message, { role: "assistant" }>;
    })
  | (Placed & { kind: "result"; result: ToolResultMessage });

/** Secrets are gone from it. What is empty is left out. */
export function talkOf(branch: ExportBranch, redaction: Redaction): TalkPart[] {
  const times = new Map(branch.entries.map(({ id, time }) => [id, time]));
  let time = branch.header.time;
  return sessionContext(branch).history.flatMap(({ id, message }) => {
    time = times.get(id) ?? time;
    const part = partOf({ id, time }, clean(message, redaction));
    return part === null ? [] : [part];
  });
}

/** A conversation that is not read from a file, all of it at one time (ISO 8601). What is empty is left out. */
export function talkOfHistory(
  history: readonly { id: string; message: Message }[],
  time: string,
): TalkPart[] {
  return history.flatMap(({ id, message }) => partOf({ id, time }, message) ?? []);
}

/** Results by the id of their call, for formats that keep them with it. */
export function resultsOf(parts: readonly TalkPart[]): Map<string, ToolResultMessage> {
  return new Map(
    parts.flatMap((part) => (part.kind === "result" ? [[part.result.toolCallId, part.result]] : [])),
  );
}

/** What a session is about, in one line of 60 characters at most. */
export function talkTitle(parts: readonly TalkPart[]): string {
  const first = parts.find((part) => part.kind === "user");
  const words = first?.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join(" ") ?? "";
  return words.replaceAll(/\s+/g, " ").trim().slice(0, 60) || "a conversation";
}

/** Redaction keeps the shape: only texts change. */
function clean(message: Message, redaction: Redaction): Message {
  return redaction.value(message) as Message;
}

function partOf(place: Placed, message: Message): TalkPart | null {
  switch (message.role) {
    case "system": {
      const texts = message.content.flatMap((part) => (part.type === "text" ? [part.text] : []));
      return { kind: "user", ...place, content: [{ type: "text", text: summaryText(texts.join("\n")) }] };
    }
    case "user":
      return message.content.length === 0 ? null : { kind: "user", ...place, content: message.content };
    case "assistant":
      return message.content.length === 0
        ? null
        : { kind: "assistant", ...place, content: message.content, message };
    case "tool_result":
      return { kind: "result", ...place, result: message };
  }
}
