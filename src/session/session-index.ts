// What the sessions of one project are, without opening them: a file beside them. Never the truth: what does not match
// a session's size and time is read anew, and the file is made again wherever it is missing, damaged or behind.
import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { AppError } from "../lib/app-error.ts";
import { readState } from "./read.ts";
import { inBatches, type SessionFile } from "./session-files.ts";

/** What a list shows of a session. `created` is ISO 8601. */
const SessionFacts = z.object({
  cwd: z.string(),
  created: z.string(),
  name: z.nullable(z.string()),
  firstPrompt: z.nullable(z.string()),
  runs: z.number(),
  runtimes: z.array(z.string()),
  parentSession: z.nullable(z.string()),
});
export type SessionFacts = z.infer<typeof SessionFacts>;

/** `facts` is null for a file that is no readable session. */
const Known = z.object({ size: z.number(), modifiedMs: z.number(), facts: z.nullable(SessionFacts) });
type Known = z.infer<typeof Known>;

const INDEX_VERSION = 1;
const IndexFile = z.object({ version: z.literal(INDEX_VERSION), sessions: z.record(z.string(), Known) });

/** Reading a few sessions costs less than writing the index of ten thousand. */
const WORTH_WRITING = 20;

/** The facts of each file of the folder, in the order of the files; null for what is no readable session. */
export async function factsOf(
  folder: string,
  files: readonly SessionFile[],
): Promise<(SessionFacts | null)[]> {
  const known = await readIndex(folder);
  const current = (file: SessionFile): Known | null => {
    const found = known.get(file.name);
    return found?.size === file.size && found.modifiedMs === file.modifiedMs ? found : null;
  };
  const behind = files.filter((file) => current(file) === null);
  const read = await inBatches(behind, readFacts);
  const fresh = new Map(behind.map((file, index) => [file.name, read[index] ?? null]));
  const facts = files.map((file) => fresh.get(file.name) ?? current(file)?.facts ?? null);
  const gone = known.size + behind.length - files.length;
  if (behind.length + Math.max(0, gone) > WORTH_WRITING) {
    await writeIndex(
      folder,
      files.map((file, index) => [file, facts[index] ?? null]),
    );
  }
  return facts;
}

export function indexFile(folder: string): string {
  return join(folder, "index.json");
}

/** null for what is no readable session. */
export async function readFacts(file: SessionFile): Promise<SessionFacts | null> {
  try {
    const { header, state } = await readState(file.path);
    const { name, firstPrompt, runs, runtimes } = state;
    const { cwd, time: created, parentSession = null } = header;
    return { cwd, created, name, firstPrompt, runs, runtimes, parentSession };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

async function readIndex(folder: string): Promise<ReadonlyMap<string, Known>> {
  try {
    const result = IndexFile.safeParse(JSON.parse(await readFile(indexFile(folder), "utf8")));
    return new Map(result.success ? Object.entries(result.data.sessions) : []);
  } catch {
    return new Map(); // Missing or damaged: the sessions themselves are read.
  }
}

/** A list does without it: where nothing can be written, every list reads the sessions. */
async function writeIndex(
  folder: string,
  found: readonly (readonly [SessionFile, SessionFacts | null])[],
): Promise<void> {
  const sessions = Object.fromEntries(
    found.map(([{ name, size, modifiedMs }, facts]) => [name, { size, modifiedMs, facts }]),
  );
  const temporary = `${indexFile(folder)}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, JSON.stringify({ version: INDEX_VERSION, sessions }), { mode: 0o600 });
    await rename(temporary, indexFile(folder));
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
