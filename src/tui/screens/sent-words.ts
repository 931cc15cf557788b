// What became of a text that was sent while something runs, in one line. Pure.
import { landingOf } from "../../app/landing.ts";
import type { SessionState } from "../../app/state.ts";
import type { SubmitKind } from "../editor/outcome.ts";
import { redirectWords } from "./steer-now.ts";

/** `before` and `after` sending it; "" where it was simply sent. `nowMs` since the epoch. */
export function sentWords(
  before: SessionState,
  after: SessionState,
  { nowMs, as }: { nowMs: number; as: SubmitKind },
): string {
  const known = new Set(before.queue.map(({ id }) => id));
  const item = after.queue.findLast(
    ({ id, kind }) => !known.has(id) && (kind === "steer" || kind === "follow_up"),
  );
  if (as === "steer_now" && before.run !== null && item?.kind !== "follow_up") return redirectWords(before);
  if (!item) return "";
  return `${item.kind === "steer" ? "A steer" : "A follow-up"}: goes ${landingOf(item, after, nowMs)}.`;
}
