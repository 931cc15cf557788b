// What a model reads when a call was refused.
import type { DenialKind } from "../protocol/approval.ts";

export type Denial = {
  kind: DenialKind;
  /** The rule, the mode, or the person's own words; may be empty for a person. */
  reason: string;
  /** Command-line flags that would allow it, for `unattended`. */
  flags?: string;
};

/** One or two sentences. */
export function denialText({ kind, reason, flags }: Denial): string {
  switch (kind) {
    case "policy":
      return `Not run: denied by policy (${reason}). Do not try to reach the same by another way.`;
    case "hook":
      return `Not run: a hook refused it: ${reason}`;
    case "user":
      return reason
        ? `Not run: the user refused it and said: ${reason}`
        : "Not run: the user refused it. Ask what they want instead, or go on without it.";
    case "unattended":
      return `Not run: it needs approval (${reason}) and nobody can be asked. The user could allow it with ${flags}. Go on without it, or say what you would have run.`;
  }
}
