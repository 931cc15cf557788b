// What one-shot mode says on stderr while it works: warnings, retries, refused calls. Each sentence once.
import * as z from "zod/mini";
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

/** As the gate and whoever ran the call left it in the details. */
const Denial = z.object({
  denial: z.enum(["policy", "hook", "user", "unattended"]),
  reason: z.catch(z.string(), ""),
  flags: z.catch(z.array(z.string()), []),
});
type Denial = z.infer<typeof Denial>;

function sayDenial({ name, details }: Extract<AgentEvent, { type: "tool_end" }>, say: Notices["say"]): void {
  const denied = Denial.safeParse(details).data;
  if (!denied) return;
  const { reason, flags } = denied;
  const because = reason === "" ? "" : ` (${reason})`;
  const hint = flags.length === 0 ? undefined : `${flags.join(" or ")} would allow it.`;
  say(`${name} was not run: ${denialWords(denied)}${because}.`, hint);
}

function denialWords({ denial }: Denial): string {
  switch (denial) {
    case "policy":
      return "it is denied by policy";
    case "hook":
      return "a hook refused it";
    case "user":
      return "it was refused";
    case "unattended":
      return "it needs approval and nobody can be asked";
  }
}
