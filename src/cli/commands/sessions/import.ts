// `hearth sessions import`: sessions of other agents, and of another Hearth, become sessions of ours.
import { existsSync } from "node:fs";
import { type ImportReport, type ImportWish, importSessions } from "../../../app/session-import.ts";
import { processEnvironment } from "../../../config/env.ts";
import { hearthPaths } from "../../../config/paths.ts";
import { EXIT } from "../../exit.ts";
import { workingDirectory } from "../../open-app.ts";
import { print, printJson, tell } from "../../print-lines.ts";
import { oneLine } from "./open-sessions.ts";

export type ImportFlags = { from: string; cwd?: string; again?: boolean; dryRun?: boolean; json?: boolean };

const TITLE_LENGTH = 60;

export async function importSessionsCommand(path: string | undefined, flags: ImportFlags): Promise<number> {
  const env = processEnvironment();
  const wish: ImportWish = {
    from: flags.from,
    path: path ?? null,
    cwd: await workingDirectory(undefined),
    target: flags.cwd ?? null,
    again: flags.again === true,
    dryRun: flags.dryRun === true,
  };
  const reports: ImportReport[] = [];
  for await (const report of importSessions(wish, { env, paths: hearthPaths(env) })) {
    reports.push(report);
    if (!flags.json) print(lineOf(report, wish.dryRun));
  }
  if (flags.json) printJson({ dryRun: wish.dryRun, sessions: reports });
  else {
    if (reports.length > 1) tell(sumOf(reports, wish.dryRun));
    const moved = reports.find((report) => report.status === "imported" && isMoved(report));
    if (moved)
      tell(`What was held in ${oneLine(moved.sourceCwd ?? "")}, which is not here, belongs to ${moved.cwd}.`);
  }
  return reports.some(({ status }) => status !== "failed") ? EXIT.completed : EXIT.failed;
}

/** Whether its own folder is not on this machine. */
function isMoved({ cwd, sourceCwd }: ImportReport): boolean {
  return sourceCwd !== null && cwd !== null && sourceCwd !== cwd && !existsSync(sourceCwd);
}

function lineOf(report: ImportReport, dryRun: boolean): string {
  const source = oneLine(report.source);
  if (report.status === "failed") return `failed  ${oneLine(report.error ?? source)}`;
  if (report.status === "empty") return `empty  ${source}: nothing was said in it`;
  const title = oneLine(report.name ?? "(no prompt)").slice(0, TITLE_LENGTH);
  const counts = [plural(report.messages, "message"), plural(report.runs, "run")];
  if (report.branches > 1) counts.push(`${report.branches} branches`);
  const unknown = totalOf(report.unknown);
  if (unknown > 0) counts.push(`${plural(unknown, "line")} not understood (${kindsOf(report.unknown)})`);
  return `${wordsFor(report.status, dryRun)}  ${report.id}  ${counts.join(", ")}  ${title}`;
}

function wordsFor(status: ImportReport["status"], dryRun: boolean): string {
  if (status === "already") return "already imported";
  return dryRun ? `would be ${status}` : status;
}

function sumOf(reports: readonly ImportReport[], dryRun: boolean): string {
  const words = (["imported", "updated", "already", "empty", "failed"] as const).flatMap((status) => {
    const count = reports.filter((report) => report.status === status).length;
    return count === 0 ? [] : [`${count} ${status === "already" ? "already imported" : status}`];
  });
  return `${words.join(", ")}${dryRun ? " (dry run: nothing was written)" : ""}`;
}

function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

const SHOWN_KINDS = 4;

function kindsOf(counts: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  const shown = kinds.slice(0, SHOWN_KINDS).map(([what, count]) => `${oneLine(what)} ${count}`);
  return [...shown, ...(kinds.length > SHOWN_KINDS ? ["…"] : [])].join(", ");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
