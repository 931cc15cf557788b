// Imports one foreign session as a session of ours. Importing it again changes nothing, or brings what is new.
import { createHash } from "node:crypto";
import { realpath, rm, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { AppError } from "../../lib/app-error.ts";
import { idMaker } from "../../lib/ids.ts";
import { SESSION_VERSION, type SessionHeader } from "../../protocol/session-entry.ts";
import { headerLine } from "../entry-line.ts";
import { lockOwner } from "../lock.ts";
import { readHeader } from "../read.ts";
import { sessionFileName, sessionFolder } from "../session-paths.ts";
import type { KnownEntry } from "../state-entry.ts";
import { agentTitle, foreignReader, formatOf, isFormatOf, type TranslatedAgent } from "./foreign-formats.ts";
import { type ForeignSource, sourceHash } from "./foreign-source.ts";
import { type ImportFile, importFile } from "./import-file.ts";
import { type ForeignAgent, type ForeignFacts, type ImportItem, NO_FACTS } from "./import-item.ts";
import { type ImportTally, ImportTree } from "./import-tree.ts";

export type ImportOptions = {
  /** The folder of all sessions. */
  dir: string;
  /** Where a session belongs whose own folder is not here; `force`: also one whose folder is. */
  cwd: { path: string; force: boolean };
  /** Imports once more what is there already. */
  again: boolean;
  /** Reads and tells, writes nothing. */
  dryRun: boolean;
  /** Milliseconds since the epoch. */
  clock: () => number;
  /** Program and version, for the header. */
  writer: string;
  /** The session files there are, by id; new ones are added. */
  known: Map<string, string>;
};

/** `updated`: the source was newer, and nobody had gone on with the import of before. */
type ImportStatus = "imported" | "updated" | "already" | "empty" | "failed";

/** What came of one source. The records count lines by what they are. */
export type ImportReport = {
  source: string;
  agent: ForeignAgent;
  status: ImportStatus;
  id: string | null;
  path: string | null;
  cwd: string | null;
  /** Where it was held, as its file says. */
  sourceCwd: string | null;
  name: string | null;
  messages: number;
  runs: number;
  branches: number;
  /** Lines that were not understood, those that are no JSON under "not JSON". */
  unknown: Record<string, number>;
  /** Lines that are understood and no part of the talk. */
  leftOut: Record<string, number>;
  /** Why it failed, in one sentence. */
  error?: string;
};

type Origin = NonNullable<SessionHeader["origin"]>;

/** A foreign session that was read to its end, with its entries aside. */
export type ReadSession = {
  agent: ForeignAgent;
  source: string;
  facts: ForeignFacts;
  /** ISO 8601. */
  time: string;
  /** Of its last entry, since the epoch. */
  modifiedMs: number;
  sha256: string;
  firstPrompt: string | null;
};

/** Rejects with AppError `import.read`, `import.format` where the file is another agent's, or `session.write`. */
export async function importSession(
  agent: TranslatedAgent,
  source: ForeignSource,
  options: ImportOptions,
): Promise<ImportReport> {
  const modified = await source.modifiedMs();
  const tree = new ImportTree(agent, modified);
  const file = importFile(options.dir);
  try {
    const read = await translate({ agent, source, tree, modified }, async (entries) => {
      if (!options.dryRun) await file.append(entries);
    });
    if (tree.tally.messages === 0)
      return report(read, tree.tally, { status: "empty", id: null, path: null, cwd: null });
    const placed = await placeOf(read, options);
    if (placed.status !== "already" && !options.dryRun) {
      await finishImport({ read, placed, bytes: file.bytes, options }, file.finish);
    }
    return report(read, tree.tally, placed);
  } finally {
    await file.discard();
  }
}

type Translation = {
  agent: TranslatedAgent;
  source: ForeignSource;
  tree: ImportTree;
  /** Milliseconds since the epoch. */
  modified: number;
};

async function translate(
  { agent, source, tree, modified }: Translation,
  write: (entries: readonly KnownEntry[]) => Promise<void>,
): Promise<ReadSession> {
  const reader = foreignReader(agent);
  const hash = sourceHash();
  let facts = NO_FACTS;
  let isKnown = false;
  let other: ForeignAgent | null = null;
  const take = (items: readonly ImportItem[]): KnownEntry[] => {
    for (const item of items) if (item.kind === "facts") facts = withFacts(facts, item.facts);
    return items.flatMap((item) => tree.take(item));
  };
  for await (const { values, bad } of source.values(hash)) {
    for (const value of values) {
      isKnown ||= isFormatOf(agent, value);
      if (!isKnown) other ??= formatOf(value);
      await write(take(reader.take(value)));
    }
    for (let count = 0; count < bad; count++) tree.take({ kind: "unknown", what: "not JSON" });
  }
  if (!isKnown && (other !== null || tree.tally.messages === 0))
    throw wrongFormat(agent, source.label, other);
  await write(take(reader.end()));
  await write(tree.end(facts.name));
  const time = facts.time ?? tree.start ?? new Date(modified).toISOString();
  return {
    agent,
    source: source.label,
    facts,
    time,
    sha256: hash.digest(),
    modifiedMs: tree.time,
    firstPrompt: tree.firstPrompt,
  };
}

/** What is told first stays, but a name that is told later counts. */
function withFacts(facts: ForeignFacts, more: Partial<ForeignFacts>): ForeignFacts {
  return {
    id: facts.id ?? more.id ?? null,
    cwd: facts.cwd ?? more.cwd ?? null,
    time: facts.time ?? more.time ?? null,
    name: more.name ?? facts.name,
  };
}

function wrongFormat(agent: ForeignAgent, label: string, other: ForeignAgent | null): AppError {
  const is = other === null ? "" : `: it is one of ${agentTitle(other)}`;
  return new AppError("import.format", `${label} is not a session of ${agentTitle(agent)}${is}.`, {
    hint: other === null ? "`hearth sessions import --help` lists the agents." : `Use --from ${other}.`,
  });
}

export type ImportPlace = {
  status: ImportStatus;
  id: string;
  path: string;
  cwd: string;
  replaces: string | null;
};

/** Where the session goes: a place of its own, the place of an older import, or none, when it is there already. */
export async function placeOf(read: ReadSession, options: ImportOptions): Promise<ImportPlace> {
  const cwd = await folderFor(read.facts.cwd, options.cwd);
  const at = (id: string) => join(sessionFolder(options.dir, cwd), sessionFileName({ id, time: read.time }));
  const fresh = (id: string) => ({ status: "imported", id, path: at(id), cwd, replaces: null }) as const;
  for (const variant of variants(read.sha256, options.again)) {
    const id = importId(read, variant);
    const path = options.known.get(id);
    if (path === undefined) return fresh(id);
    const header = await readHeader(path);
    if (options.again) continue;
    if (header.origin?.sha256 === read.sha256)
      return { status: "already", id, path, cwd: header.cwd, replaces: null };
    if (variant === "" && (await isUntouched(path, header))) {
      return { status: "updated", id, path: at(id), cwd, replaces: path };
    }
  }
  return fresh(importId(read, `${read.sha256} ${options.clock()}`));
}

/** The first import has the plain id; a newer source beside one that was gone on with has its own. */
function* variants(sha256: string, again: boolean): Generator<string> {
  yield "";
  yield sha256;
  for (let copy = 2; again && copy < 1000; copy++) yield `${sha256} ${copy}`;
}

/** The same for the same session of the same agent. */
function importId(read: ReadSession, variant: string): string {
  const name = read.facts.id ?? read.sha256;
  return idMaker(
    () => Date.parse(read.time),
    (size) => createHash("sha256").update([read.agent, name, variant].join("\n")).digest().subarray(0, size),
  )();
}

async function folderFor(own: string | null, { path, force }: ImportOptions["cwd"]): Promise<string> {
  if (force || own === null || !isAbsolute(own)) return path;
  try {
    const real = await realpath(own);
    return (await stat(real)).isDirectory() ? real : path;
  } catch {
    return path; // Not here, or not to be looked at: not a place to work in.
  }
}

/** Whether nothing was added since it was imported, and nobody has it open. */
async function isUntouched(path: string, header: SessionHeader): Promise<boolean> {
  if (header.origin === undefined || lockOwner(path)) return false;
  const { size } = await stat(path);
  return size === Buffer.byteLength(headerLine(header)) + header.origin.bytes;
}

type Finish = { read: ReadSession; placed: ImportPlace; bytes: number; options: ImportOptions };

export async function finishImport(
  { read, placed, bytes, options }: Finish,
  finish: ImportFile["finish"],
): Promise<void> {
  const { agent, facts, sha256, source, time } = read;
  const origin: Origin = {
    agent,
    source,
    sha256,
    bytes,
    time: new Date(options.clock()).toISOString(),
    ...(facts.id === null ? {} : { sessionId: facts.id }),
    ...(facts.cwd === null ? {} : { cwd: facts.cwd }),
  };
  const { id, cwd, path } = placed;
  const header: SessionHeader = {
    type: "session",
    version: SESSION_VERSION,
    id,
    time,
    cwd,
    writer: options.writer,
    origin,
  };
  await finish(header, { path, modifiedMs: read.modifiedMs });
  if (placed.replaces !== null && placed.replaces !== path) await rm(placed.replaces, { force: true });
  options.known.set(id, path);
}

export function report(
  read: ReadSession,
  tally: ImportTally,
  { status, id, path, cwd }: Pick<ImportReport, "status" | "id" | "path" | "cwd">,
): ImportReport {
  const { messages, runs, branches, unknown, leftOut } = tally;
  return {
    source: read.source,
    agent: read.agent,
    status,
    id,
    path,
    cwd,
    sourceCwd: read.facts.cwd,
    name: read.facts.name ?? read.firstPrompt,
    messages,
    runs,
    branches,
    unknown: Object.fromEntries(unknown),
    leftOut: Object.fromEntries(leftOut),
  };
}
