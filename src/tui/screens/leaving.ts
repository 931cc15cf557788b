// What the first press of the key that leaves says about the second. Pure but for what the app tells.
import type { App } from "../../app/app.ts";
import { runningCount } from "../../app/process-choice.ts";
import { keyNames } from "../keys/key-words.ts";
import type { Keybindings } from "../keys/keybindings.ts";

type Leaving = { app: Pick<App, "processes">; bindings: Keybindings };

/** What leaving now would end. `busy`: something is under way. */
export function leavingWords({ app, bindings }: Leaving, busy: boolean): string {
  const key = keyNames(bindings);
  const running = runningCount(app.processes());
  const ends = [
    ...(busy ? ["interrupts the run"] : []),
    ...(running === 0 ? [] : [`ends ${running} background ${running === 1 ? "process" : "processes"}`]),
  ];
  const what = ends.length === 0 ? "" : ` and ${ends.join(" and ")}`;
  return `${key("clear_or_leave")} again leaves${what}${busy ? `; ${key("interrupt")} only interrupts` : ""}.`;
}
