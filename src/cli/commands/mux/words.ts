// What every `hearth mux` command begins with and prints with.
import { processEnvironment } from "../../../config/env.ts";
import { hearthPaths } from "../../../config/paths.ts";
import { AppError } from "../../../lib/app-error.ts";
import type { SessionRecord } from "../../../mux/folder/session-file.ts";
import { findSession } from "../../../mux/folder/sessions.ts";
import { LIMITS } from "../../../mux/host/frames.ts";

export function muxFolder(): string {
  return hearthPaths(processEnvironment()).muxDir;
}

/** One whose program runs. Throws `mux.unknown`, `mux.exited`. */
export async function runningSession(name: string): Promise<SessionRecord> {
  const record = await findSession(muxFolder(), name);
  if (record.state === "running") return record;
  throw new AppError("mux.exited", `The program of ${name} has ended: ${endWords(record)}.`, {
    hint: `\`hearth mux snapshot ${name}\` shows its last screen; \`hearth mux rm ${name}\` takes it off the list.`,
  });
}

export function endWords({
  state,
  exitCode,
  signal,
}: Pick<SessionRecord, "exitCode" | "signal"> & { state?: SessionRecord["state"] }): string {
  if (state === "lost") return "lost with its host";
  return signal === null ? `status ${exitCode ?? "unknown"}` : signal;
}

/** Throws `mux.size`. */
export function checkSize(columns: number, rows: number): void {
  const fits = (value: number, { least, most }: { least: number; most: number }): boolean =>
    Number.isInteger(value) && value >= least && value <= most;
  if (fits(columns, LIMITS.columns) && fits(rows, LIMITS.rows)) return;
  throw new AppError("mux.size", `${columns}x${rows} is no size for a terminal.`, {
    hint: `From ${LIMITS.columns.least}x${LIMITS.rows.least} to ${LIMITS.columns.most}x${LIMITS.rows.most}: columns, then rows.`,
  });
}
