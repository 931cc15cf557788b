// opencode's own store: a SQLite database since version 1.2, a folder of JSON files before. Reads only.
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError } from "../../lib/app-error.ts";
import { isErrorCode } from "../../lib/error-code.ts";
import { type Fields, fieldsOf, parsedFields, textIn } from "./fields.ts";
import { type ForeignSource, modifiedMs, type SourceHash, type ValueBatch } from "./foreign-source.ts";

/** A database that can be asked. Rows come one by one; `close` ends it. */
export type RowReader = { rows: (sql: string) => AsyncIterable<Fields>; close: () => void };

/** Opens the database at a path. Throws AppError `import.sqlite`. */
export type OpenDatabase = (path: string) => Promise<RowReader>;

/** A session of the store; `cwd` is where it was held, "" where that is not told. */
export type OpencodeSession = { source: ForeignSource; cwd: string };

/** The sessions in a database, oldest first; those of subagents are left out. */
export async function databaseSources(path: string, open: OpenDatabase): Promise<OpencodeSession[]> {
  const database = await open(path);
  const sessions: OpencodeSession[] = [];
  try {
    for await (const row of database.rows("select * from session order by time_created, id")) {
      const id = textIn(row, "id");
      if (textIn(row, "parent_id") !== "") continue;
      const values = (hash: SourceHash) => databaseValues({ path, open, row, id }, hash);
      sessions.push({
        source: { label: `${path}#${id}`, modifiedMs: () => modifiedMs(path), values },
        cwd: textIn(row, "directory"),
      });
    }
  } finally {
    database.close();
  }
  return sessions;
}

type DatabaseSession = { path: string; open: OpenDatabase; row: Fields; id: string };

async function* databaseValues(
  { path, open, row, id }: DatabaseSession,
  hash: SourceHash,
): AsyncGenerator<ValueBatch> {
  const { directory, title } = row;
  const revert = parsedFields(textIn(row, "revert"));
  yield batch({ info: { id, directory, title, revert, time: { created: row.time_created } } }, hash);
  const parts = "select data from part where message_id = m.id order by id";
  const sql =
    `select m.id as id, m.data as data, (select json_group_array(json(data)) from (${parts})) as parts ` +
    `from message m where m.session_id = '${id.replaceAll("'", "''")}' order by m.time_created, m.id`;
  const database = await open(path);
  try {
    for await (const message of database.rows(sql)) {
      const info = { id: textIn(message, "id"), ...parsedFields(textIn(message, "data")) };
      yield batch({ info, parts: parsedList(textIn(message, "parts")) }, hash);
    }
  } finally {
    database.close();
  }
}

function batch(value: unknown, hash: SourceHash): ValueBatch {
  hash.update(JSON.stringify(value));
  return { values: [value], bad: 0 };
}

function parsedList(text: string): unknown[] {
  const list = parsedFields(`{"list":${text}}`)?.list;
  return Array.isArray(list) ? list : [];
}

/** Whether the path is a session's file in the folder of JSON files: .../storage/session/PROJECT/SESSION.json. */
export function isStoredSession(path: string): boolean {
  return /[/\\]storage[/\\]session[/\\][^/\\]+[/\\][^/\\]+\.json$/.test(path);
}

/** Whether the path is in the folder of JSON files, but no session's own file. */
export function isStoredPart(path: string): boolean {
  return /[/\\]storage[/\\](?:message|part|session_diff|project|todo|share|session_share)[/\\]/.test(path);
}

export function storedSource(path: string): ForeignSource {
  return { label: path, modifiedMs: () => modifiedMs(path), values: (hash) => storedValues(path, hash) };
}

async function* storedValues(path: string, hash: SourceHash): AsyncGenerator<ValueBatch> {
  const storage = dirname(dirname(dirname(path)));
  const info = await jsonFile(path);
  yield batch({ info }, hash);
  const folder = join(storage, "message", basename(path, ".json"));
  for (const name of await jsonNames(folder)) {
    const message = await jsonFile(join(folder, name));
    const partFolder = join(storage, "part", basename(name, ".json"));
    const parts: Fields[] = [];
    for (const part of await jsonNames(partFolder)) parts.push(await jsonFile(join(partFolder, part)));
    yield batch({ info: message, parts }, hash);
  }
}

/** Their names sort by time. */
async function jsonNames(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) => entry.name)
      .toSorted();
  } catch (error) {
    if (isErrorCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

/** An empty object where the file is no JSON: the reader counts it. */
async function jsonFile(path: string): Promise<Fields> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new AppError("import.read", `${path} cannot be read: ${String(cause)}.`, { cause });
  });
  return fieldsOf(parsedFields(text)) ?? {};
}
