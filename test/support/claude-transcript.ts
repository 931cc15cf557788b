// Recorded talks with the real Claude Code (lines `<ms> <direction> <json>`), as steps of a program that says the same
// again where it is told the same.
import { type Recorded, transcriptLines } from "./acp-transcript.ts";

export type ReplayStep =
  | { do: "say"; line: Recorded }
  /** A message; `uuid` is what it was called in the recording, and `text` what it said. */
  | { do: "await-message"; uuid: string; text: string }
  /** The answer to a request of its own. */
  | { do: "await-answer"; requestId: string }
  | { do: "await-interrupt"; requestId: string }
  | { do: "exit" };

export type ReplayScript = { replay: ReplayStep[]; initialized?: Recorded };

/** What the person did: prompts, messages while it worked, interrupts, and their answers in order. */
export type Doing =
  | { does: "prompt"; text: string }
  | { does: "steer"; text: string }
  | { does: "interrupt" }
  | { does: "answer"; answer: Recorded };

export function claudeReplay(text: string): ReplayScript & { doings: Doing[] } {
  const lines = transcriptLines(text);
  const initialize = lines.find(({ sent, message }) => sent && message.request?.subtype === "initialize");
  const initializeId = initialize?.message.request_id;
  const answered =
    initializeId === undefined
      ? undefined
      : lines.find(({ sent, message }) => !sent && message.response?.request_id === initializeId);
  // A recording of one prompt on the command line has no message that begins it.
  const isOneShot = !lines.some(({ sent, message }) => sent && message.type === "user");
  const replay: ReplayStep[] = isOneShot ? [{ do: "await-message", uuid: "", text: "go" }] : [];
  for (const { sent, message } of lines) {
    const step = sent ? waitFor(message) : { do: "say" as const, line: message };
    if (step && !(initializeId !== undefined && message.response?.request_id === initializeId))
      replay.push(step);
  }
  // Ended in the middle: it was killed.
  const last = lines.findLast(({ message }) => message.type === "user" || message.type === "result");
  if (last?.message.type !== "result" || isOneShot) replay.push({ do: "exit" });
  const initialized = answered?.message.response.response;
  return { replay, ...(initialized ? { initialized } : {}), doings: doingsOf(lines, replay) };
}

function waitFor(message: Recorded): ReplayStep | null {
  switch (message.type) {
    case "user":
      return { do: "await-message", uuid: message.uuid ?? "", text: textOf(message) };
    case "control_response":
      return { do: "await-answer", requestId: message.response.request_id };
    case "control_request":
      if (message.request.subtype !== "interrupt") return null;
      return { do: "await-interrupt", requestId: message.request_id };
    default:
      return null;
  }
}

function textOf({ message }: Recorded): string {
  const { content } = message;
  return typeof content === "string" ? content : content.map((block: Recorded) => block.text ?? "").join("");
}

function doingsOf(lines: ReturnType<typeof transcriptLines>, replay: readonly ReplayStep[]): Doing[] {
  const answers = new Map(
    lines.flatMap(({ sent, message }) =>
      sent && message.type === "control_response"
        ? [[message.response.request_id, message.response.response] as const]
        : [],
    ),
  );
  const asked = lines.flatMap(({ message }) =>
    message.request?.subtype === "can_use_tool" ? [message.request_id] : [],
  );
  let working = false;
  return replay.flatMap((step): Doing[] => {
    if (step.do === "say" && step.line.type === "result") working = false;
    if (step.do === "await-message") {
      const { text } = step;
      const doing: Doing = working ? { does: "steer", text } : { does: "prompt", text };
      working = true;
      return [doing];
    }
    if (step.do === "await-interrupt") return [{ does: "interrupt" }];
    if (step.do !== "await-answer" || !asked.includes(step.requestId)) return [];
    return [{ does: "answer", answer: answers.get(step.requestId) }];
  });
}
