// Recorded talks with the real pi in its RPC mode (lines `<ms> <direction> <json>`), as scripts that say the same again.
import { type Recorded, transcriptLines } from "./acp-transcript.ts";
import type { PiAct, PiScript } from "./pi-agent.ts";

/** Says at each prompt what the real pi said at its prompt of the same number, with its waits for us. */
export function piTranscriptScript(text: string): PiScript {
  const turns: PiAct[][] = [];
  let busy = false;
  for (const { sent, message } of transcriptLines(text)) {
    const { type } = message;
    if (sent && type === "prompt" && !busy) turns.push([]);
    const turn = turns.at(-1);
    const act = sent ? waitFor(type) : actOf(message, turn);
    if (turn && act && (busy || sent)) turn.push(act);
    if (turn) busy = (busy || (sent && type === "prompt")) && type !== "agent_settled";
  }
  return { turns, replay: true };
}

function waitFor(command: string): PiAct | null {
  return command === "steer" || command === "abort" ? { do: "until", command } : null;
}

function actOf(message: Recorded, turn: PiAct[] | undefined): PiAct | null {
  const { type } = message;
  if (type === "response" || type === "agent_start" || type === "agent_settled") return null;
  if (type === "extension_ui_request") return { do: "dialog", request: message };
  // The prompt itself is said by whoever plays this.
  const isPrompt =
    message.message?.role === "user" && !turn?.some((act) => "event" in act && isAnswer(act.event));
  return isPrompt ? null : { do: "event", event: message };
}

function isAnswer({ message }: Recorded): boolean {
  return message?.role === "assistant";
}
