// What the first Ctrl+C says about the second. Pure but for what the app tells.
import type { App } from "../../app/app.ts";
import { runningCount } from "../../app/process-choice.ts";

/** What leaving now would end. `busy`: something is under way. */
export function leavingWords(app: Pick<App, "processes">, busy: boolean): string {
  const running = runningCount(app.processes());
  const ends = [
    ...(busy ? ["interrupts the run"] : []),
    ...(running === 0 ? [] : [`ends ${running} background ${running === 1 ? "process" : "processes"}`]),
  ];
  const what = ends.length === 0 ? "" : ` and ${ends.join(" and ")}`;
  return `Ctrl+C again leaves${what}${busy ? "; Esc only interrupts" : ""}.`;
}
