// /ps: background processes, what they print, and ending them.
import { sanitizeText } from "../../lib/ansi.ts";
import { AppError } from "../../lib/app-error.ts";
import { collapseProgress } from "../../lib/progress-lines.ts";
import type { App, ProcessSummary } from "../app.ts";
import { commandLine, processEnd } from "../process-choice.ts";
import type { Command, CommandResult } from "./command.ts";

const NONE = "No background processes.";
/** Newest characters and lines that are shown as text. */
const SHOWN_LENGTH = 20_000;
const SHOWN_LINES = 40;

export const processesCommand: Command = {
  name: "ps",
  usage: "[ID | stop ID | stop all]",
  summary: "background processes: list them, read one, end one or all",
  whileBusy: "now",
  complete: (app) => {
    const all = app.processes().map((process) => ({ value: process.id, detail: shortLine(process) }));
    const running = runningOf(app).map((process) => ({
      value: `stop ${process.id}`,
      detail: shortLine(process),
    }));
    const every = { value: "stop all", detail: `ends the ${running.length} that run` };
    return Promise.resolve([...all, ...running, ...(running.length > 1 ? [every] : [])]);
  },
  run: async (args, app) => {
    const [verb = "", id = ""] = args.split(/\s+/);
    if (verb === "stop" || verb === "kill") return stop(id, app);
    if (verb !== "") return show(findProcess(app, verb));
    const processes = app.processes();
    if (processes.length === 0) return { text: NONE };
    const rows = processes.map((process) => `- ${processLine(process)}`);
    return { ui: { kind: "processes", id: null, text: rows.join("\n") } };
  },
};

async function stop(id: string, app: App): Promise<CommandResult> {
  const running = runningOf(app);
  const ids = id === "all" ? running.map((process) => process.id) : id === "" ? onlyOne(running) : [id];
  if (ids.length === 0) return { say: NONE };
  await Promise.all(ids.map((each) => app.stopProcess(each)));
  return { say: `Ended ${ids.join(", ")}.` };
}

function onlyOne(running: readonly ProcessSummary[]): string[] {
  if (running.length <= 1) return running.map(({ id }) => id);
  throw new AppError("command.usage", `${running.length} processes run: say which one.`, {
    hint: "/ps stop ID, or /ps stop all",
  });
}

function findProcess(app: App, id: string): ProcessSummary {
  const found = app.processes().find((process) => process.id === id);
  if (found) return found;
  throw new AppError("process.unknown", `There is no background process ${id}.`, {
    hint: "`/ps` lists them.",
  });
}

function show(process: ProcessSummary): CommandResult {
  const lines = outputLines(process).slice(-SHOWN_LINES).join("\n");
  const fence = "`".repeat(Math.max(3, ...[...lines.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const text = `${processLine(process)}\n\n${fence}\n${lines || "(no output)"}\n${fence}`;
  return { ui: { kind: "processes", id: process.id, text } };
}

function outputLines(process: ProcessSummary): string[] {
  return sanitizeText(collapseProgress(process.output(SHOWN_LENGTH)))
    .trimEnd()
    .split("\n");
}

function processLine(process: ProcessSummary): string {
  const last = outputLines(process).at(-1) ?? "";
  const words = `${process.id}  ${commandLine(process.command)}  (${processEnd(process, Date.now())})`;
  return last === "" ? words : `${words}  ${last}`;
}

/** What it is and how it goes, for a list. */
function shortLine(process: ProcessSummary): string {
  return `${commandLine(process.command)}  ${processEnd(process, Date.now())}`;
}

function runningOf(app: App): ProcessSummary[] {
  return app.processes().filter(({ endedMs }) => endedMs === null);
}
