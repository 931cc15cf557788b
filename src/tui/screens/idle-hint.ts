// What stands in the empty input while nothing goes on: what a newcomer could do, and then no more. Pure.
import type { App } from "../../app/app.ts";

/** Before the first prompt of a session. */
export const FIRST_WORDS = "say what to do; / command, @ file, ! shell";

/** What the demo understands, one after the other. */
const DEMO_WORDS = ["try: fix the failing test", "try: show the diff", "try: run the tests"] as const;

/** "" for who has begun. */
export function idleHint({
  demo,
  models,
  conversation,
}: Pick<App, "demo" | "models" | "conversation">): string {
  const { runs, runtime } = conversation.state();
  if (demo) return DEMO_WORDS[runs] ?? "/exit leaves the demo";
  if (runtime === "native" && models.current() === null) return "no model yet: /setup finds one";
  return runs === 0 ? FIRST_WORDS : "";
}
