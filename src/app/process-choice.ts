// Background processes for the frontends: what runs, how it ended, and ending it.
import { AppError } from "../lib/app-error.ts";
import type { AgentEvent } from "../protocol/event.ts";
import type { Workbench } from "../runtimes/workbench.ts";
import type { App, ProcessSummary } from "./app.ts";
import { formatClock } from "./format.ts";

/** Characters of a command in a notice, which is to stay one line. Not columns: every start would load their tables. */
const NOTICE_COMMAND = 30;

type BackgroundProcess = ReturnType<Workbench["workspace"]["processes"]>[number];

export function processChoice({ workspace }: Workbench): Pick<App, "processes" | "stopProcess"> {
  return {
    processes: () => workspace.processes().map(summaryOf),
    stopProcess: async (id) => {
      const found = workspace.processes().find((process) => process.id === id);
      if (!found) {
        throw new AppError("process.unknown", `There is no background process ${id}.`, {
          hint: "`/ps` lists them.",
        });
      }
      if (!found.running()) throw new AppError("process.ended", `${id} has ended already.`);
      await found.stop();
    },
  };
}

/** One line for the person when it ended by itself; null where somebody ended it and was told so. */
export function processNotice(process: BackgroundProcess): AgentEvent | null {
  const summary = summaryOf(process);
  if (summary.stopped) return null;
  const command = shortened(commandLine(summary.command));
  const message = `${summary.id} ${processEnd(summary)}: ${command}`;
  const level = summary.exitCode === 0 ? "info" : "warning";
  return { type: "notice", level, code: "process.ended", message };
}

/** "runs for 0:12", "ended with exit code 1 after 0:12", "was ended after 0:12". */
export function processEnd({ endedMs, startedMs, stopped, exitCode }: ProcessSummary, nowMs = 0): string {
  if (endedMs === null) return `runs for ${formatClock(nowMs - startedMs)}`;
  const how = stopped
    ? "was ended"
    : exitCode === null
      ? "was ended by a signal"
      : `ended with exit code ${exitCode}`;
  return `${how} after ${formatClock(endedMs - startedMs)}`;
}

/** For the last line of the program: what leaving ends; "" where nothing runs. */
export function endedByLeaving(processes: readonly ProcessSummary[]): string {
  const count = runningCount(processes);
  if (count === 0) return "";
  return `Ended ${count} background ${count === 1 ? "process" : "processes"}.\n`;
}

export function runningCount(processes: readonly ProcessSummary[]): number {
  return processes.filter(({ endedMs }) => endedMs === null).length;
}

/** The command in one line. */
export function commandLine(command: string): string {
  return command.replaceAll(/\s*\n\s*/g, " ").trim();
}

function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length <= NOTICE_COMMAND
    ? text
    : `${characters.slice(0, NOTICE_COMMAND - 3).join("")}...`;
}

function summaryOf(process: BackgroundProcess): ProcessSummary {
  const { id, command, startedMs, logPath } = process;
  return {
    id,
    command,
    startedMs,
    endedMs: process.endedMs(),
    exitCode: process.exitCode(),
    stopped: process.stopped(),
    logPath,
    output: (newest) => process.output(newest),
  };
}
