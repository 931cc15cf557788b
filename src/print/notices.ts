// What one-shot mode says on stderr while it works: warnings, retries, refused calls. Each sentence once.
import { sanitizeText } from "../lib/ansi.ts";
import type { AgentEvent } from "../protocol/event.ts";

export type Notices = {
  add: (event: AgentEvent) => void;
  say: (sentence: string, hint?: string) => void;
};

export function createNotices(stderr: (text: string) => void): Notices {
  const said = new Set<string>();
  const say = (sentence: string, hint?: string): void => {
    if (said.has(sentence)) return;
    said.add(sentence);
    stderr(`hearth: ${sanitizeText(sentence)}\n${hint === undefined ? "" : `hint: ${sanitizeText(hint)}\n`}`);
  };
  const add = (event: AgentEvent): void => {
    switch (event.type) {
      case "notice":
        say(event.message, event.hint);
        break;
      case "retry_start":
        say(`${ended(event.error.message)} Trying again in ${(event.delayMs / 1_000).toFixed(1)} s.`);
        break;
      case "tool_end":
        sayDenial(event, say);
        break;
    }
  };
  return { add, say };
}

/** A service's own words often end without a full stop. */
function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** A call that nobody was there to approve: the denial names the flag that would allow it. */
function sayDenial(event: Extract<AgentEvent, { type: "tool_end" }>, say: (sentence: string) => void): void {
  const details = event.details;
  if (typeof details !== "object" || details === null || !("denial" in details)) return;
  const text = event.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join(" ");
  // What follows is advice for the model.
  const sentences = text.replace(/ (?:Go on without it|Do not try to reach)[\s\S]*$/, "");
  say(`${event.name}: ${sentences}`);
}
