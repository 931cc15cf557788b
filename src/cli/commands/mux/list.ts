// `hearth mux list`: what there is, running or ended.
import { formatAge } from "../../../app/format.ts";
import { sanitizeText } from "../../../lib/ansi.ts";
import { AppError } from "../../../lib/app-error.ts";
import { ask } from "../../../mux/client/ask.ts";
import type { SessionRecord } from "../../../mux/folder/session-file.ts";
import { allSessions } from "../../../mux/folder/sessions.ts";
import type { Status } from "../../../mux/host/frames.ts";
import { EXIT } from "../../exit.ts";
import { print, printJson, tell } from "../../print-lines.ts";
import { endWords, muxFolder } from "./words.ts";

/** A host that is stopped must not hold up the others' rows. */
const PATIENCE_MS = 2_000;

const COMMAND_LENGTH = 60;

type Row = { record: SessionRecord; status: Status | null };

export async function listCommand({ json }: { json?: boolean }): Promise<number> {
  const rows = await Promise.all((await allSessions(muxFolder())).map(lookAt));
  if (json) printJson(rows.map(asData));
  else if (rows.length === 0)
    tell("No terminal sessions. hint: `hearth mux start NAME -- COMMAND` begins one.");
  else printTable(rows);
  return EXIT.completed;
}

async function lookAt(record: SessionRecord): Promise<Row> {
  if (record.state !== "running") return { record, status: null };
  try {
    const { status } = await ask(record, { type: "status" }, { patienceMs: PATIENCE_MS });
    return { record, status: status ?? null };
  } catch (error) {
    // It is told as unreachable; what else is listed does not suffer.
    if (error instanceof AppError) return { record, status: null };
    throw error;
  }
}

function stateOf({ record, status }: Row): string {
  if (record.state !== "running") return record.state;
  return status?.state ?? "unreachable";
}

function asData(row: Row): object {
  const { record, status } = row;
  return {
    name: record.name,
    state: stateOf(row),
    paused: status?.paused ?? false,
    quietMs: status?.quietMs ?? null,
    exitCode: record.exitCode,
    signal: record.signal,
    pid: record.pid,
    hostPid: record.hostPid,
    columns: status?.columns ?? record.columns,
    rows: status?.rows ?? record.rows,
    clients: status?.clients ?? [],
    command: record.command,
    cwd: record.cwd,
    createdMs: record.createdMs,
    endedMs: record.endedMs,
  };
}

function printTable(rows: readonly Row[]): void {
  const table = rows.map(cells);
  const widths = [0, 1, 2, 3, 4, 5].map((column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of table) {
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  }
}

function cells(row: Row): string[] {
  const { record, status } = row;
  const clients = status?.clients.length ?? 0;
  return [
    record.name,
    stateWords(row),
    String(record.pid),
    `${status?.columns ?? record.columns}x${status?.rows ?? record.rows}`,
    `${clients} ${clients === 1 ? "client" : "clients"}`,
    formatAge(Date.now() - record.createdMs),
    sanitizeText(record.command.join(" ")).replace(/\s+/g, " ").slice(0, COMMAND_LENGTH),
  ];
}

function stateWords(row: Row): string {
  const { record, status } = row;
  if (record.state === "exited") return `exited, ${endWords(record)}`;
  const state = stateOf(row);
  const words = state === "waiting" ? "idle, waits for input" : state;
  return status?.paused ? `${words}, paused` : words;
}
