// Looking after background processes: choosing, reading, ending.
import type { ProcessSummary } from "../../app/app.ts";
import { outputLines, type ProcessesView } from "../components/process-list.ts";
import { COMPOSER_FOCUS, type Desk, type ProcessFocus } from "../desk.ts";
import type { KeyAction } from "../keys/keys.ts";

/** The rows move once a second while something runs, and never otherwise. */
const TICK_MS = 1_000;
/** Newest characters of an output that are kept for a preview, and for reading. */
const PREVIEW_LENGTH = 8_192;
const READING_LENGTH = 64 * 1_024;
const READING_MARGIN = 6;
const PAGE = 10;
const TWICE_MS = 2_000;

/** Opens the list, with the one of `id` to read; without `id` the newest that runs is chosen. */
export function openProcesses(desk: Desk, id: string | null): void {
  const processes = desk.app.processes();
  const chosen = id ?? (processes.findLast(({ endedMs }) => endedMs === null) ?? processes.at(-1))?.id;
  if (chosen === undefined) {
    desk.say("No background processes.");
    return;
  }
  show(desk, { id: chosen, open: id !== null, up: 0 });
  const timer = setInterval(() => {
    const focus = desk.focus();
    if (focus.kind === "processes") follow(desk, focus);
    const runs = desk.app.processes().some(({ endedMs }) => endedMs === null);
    if (focus.kind !== "processes" || !runs) clearInterval(timer);
  }, TICK_MS);
  timer.unref();
}

/** False when the action is not about processes. */
export function pressInProcesses(desk: Desk, { view, endAllMs }: ProcessFocus, action: KeyAction): boolean {
  switch (action) {
    case "process_next":
      return view.open ? scroll(desk, view, -1) : choose(desk, view, 1);
    case "process_previous":
      return view.open ? scroll(desk, view, 1) : choose(desk, view, -1);
    case "process_page_down":
      return scroll(desk, view, -PAGE);
    case "process_page_up":
      return scroll(desk, view, PAGE);
    case "process_newest":
      return scroll(desk, view, Number.NEGATIVE_INFINITY);
    case "process_oldest":
      return scroll(desk, view, Number.POSITIVE_INFINITY);
    case "process_read":
      return show(desk, { ...view, open: !view.open, up: 0 });
    case "process_end":
      return end(desk, [view.id]);
    case "process_end_all":
      return endAll(desk, view, endAllMs);
    case "process_close":
      if (view.open) return show(desk, { ...view, open: false, up: 0 });
      desk.setFocus(COMPOSER_FOCUS);
      return true;
    default:
      return false;
  }
}

type Place = Pick<ProcessesView, "id" | "open" | "up">;

function show(desk: Desk, { id, open, up }: Place, endAllMs = 0): true {
  const processes = desk.app.processes();
  const chosen = processes.find((process) => process.id === id);
  const output = chosen?.output(open ? READING_LENGTH : PREVIEW_LENGTH) ?? "";
  const lines = open ? outputLines(output, desk.view().width - READING_MARGIN) : outputLines(output);
  const view = { processes, id, open, up, lines, nowMs: desk.now() };
  desk.setFocus({ kind: "processes", view, endAllMs });
  return true;
}

/** Rows that came meanwhile do not move those that are read. */
function follow(desk: Desk, { view, endAllMs }: ProcessFocus): void {
  show(desk, view, endAllMs);
  const focus = desk.focus();
  if (!view.open || view.up === 0 || focus.kind !== "processes") return;
  const came = Math.max(0, focus.view.lines.length - view.lines.length);
  if (came > 0) show(desk, { ...view, up: view.up + came }, endAllMs);
}

function choose(desk: Desk, view: ProcessesView, step: number): true {
  const processes = desk.app.processes();
  const at = processes.findIndex(({ id }) => id === view.id) + step;
  const next = processes[Math.max(0, Math.min(processes.length - 1, at))];
  return next ? show(desk, { id: next.id, open: false, up: 0 }) : true;
}

/** Only while one is read; the list shows its newest rows anyway. */
function scroll(desk: Desk, view: ProcessesView, rows: number): true {
  if (!view.open) return true;
  const most = Math.max(0, view.lines.length - 1);
  return show(desk, { ...view, up: Math.max(0, Math.min(most, view.up + rows)) });
}

function end(desk: Desk, ids: readonly string[]): true {
  const running = runningOf(desk).filter(({ id }) => ids.includes(id));
  if (running.length === 0) {
    desk.say(`${ids.join(", ")} has ended already.`);
    return true;
  }
  const names = running.map(({ id }) => id).join(", ");
  desk.say(`Ending ${names} ...`);
  desk.attempt(async () => {
    await Promise.all(running.map(({ id }) => desk.app.stopProcess(id)));
    const focus = desk.focus();
    if (focus.kind === "processes") show(desk, focus.view);
    desk.say(`Ended ${names}.`);
  });
  return true;
}

function endAll(desk: Desk, view: ProcessesView, endAllMs: number): true {
  const running = runningOf(desk).map(({ id }) => id);
  if (running.length === 0) {
    desk.say("None of them runs.");
    return true;
  }
  if (desk.now() - endAllMs < TWICE_MS) return end(desk, running);
  show(desk, view, desk.now());
  desk.say(`The same key again ends all that run: ${running.join(", ")}.`);
  return true;
}

function runningOf(desk: Desk): ProcessSummary[] {
  return desk.app.processes().filter(({ endedMs }) => endedMs === null);
}
