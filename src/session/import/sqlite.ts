// Asks a SQLite database with what there is: Node's own module (22.13 and newer), else the program sqlite3.
import { AppError } from "../../lib/app-error.ts";
import { errorCode } from "../../lib/error-code.ts";
import { findProgram } from "../../lib/find-program.ts";
import { runProcess } from "../../lib/subprocess.ts";
import { type Fields, fieldsOf } from "./fields.ts";
import { JsonPieces } from "./json-pieces.ts";
import type { OpenDatabase, RowReader } from "./opencode-source.ts";

/** `env`: where the program is looked for; `load` gives Node's module, null where it has none. */
export function sqliteOpener(
  env: Readonly<Record<string, string | undefined>>,
  load: () => Promise<SqliteModule | null> = loadModule,
): OpenDatabase {
  return async (path) => {
    const sqlite = await load();
    if (sqlite) return moduleReader(sqlite, path);
    const program = findProgram("sqlite3", env.PATH ?? "");
    if (program !== null) return programReader(program, path, env.PATH ?? "");
    throw new AppError(
      "import.sqlite",
      `This Node (${process.versions.node}) cannot read SQLite databases.`,
      {
        hint: "Use Node 22.13 or newer, install sqlite3, or import what `opencode export ID > file.json` writes.",
      },
    );
  };
}

type SqliteModule = typeof import("node:sqlite");

/** null where this Node has none. Its warning that it is experimental is nothing to the person. */
async function loadModule(): Promise<SqliteModule | null> {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return await import("node:sqlite");
  } catch (error) {
    if (errorCode(error) === "ERR_UNKNOWN_BUILTIN_MODULE") return null;
    throw error;
  } finally {
    process.emitWarning = emitWarning;
  }
}

function moduleReader({ DatabaseSync }: SqliteModule, path: string): RowReader {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    return {
      rows: async function* (sql) {
        try {
          for (const row of database.prepare(sql).iterate()) yield fieldsOf(row) ?? {};
        } catch (cause) {
          throw unreadable(path, cause);
        }
      },
      close: () => database.close(),
    };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function programReader(program: string, path: string, searchPath: string): RowReader {
  return {
    rows: async function* (sql) {
      const pieces = new JsonPieces();
      const rows: Fields[] = [];
      let words = "";
      const end = await runProcess(program, ["-readonly", "-json", path, sql], {
        cwd: "/",
        env: { PATH: searchPath },
        signal: new AbortController().signal,
        onOutput: (text, stream) => {
          if (stream === "stderr") words += text;
          else for (const row of pieces.push(Buffer.from(text))) rows.push(fieldsOf(row) ?? {});
        },
      });
      if (end.exitCode !== 0) throw unreadable(path, words.trim());
      yield* rows;
    },
    close: () => undefined,
  };
}

function unreadable(path: string, cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AppError("import.read", `The database ${path} cannot be read: ${why}.`, {
    hint: "`opencode export ID > file.json` writes a session that can be imported.",
    cause,
  });
}
