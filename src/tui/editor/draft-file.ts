// The text that was not sent yet, on disk: a crash loses half a second of it at most. One file for each running
// program, beside the prompts of the project, readable only by the user; gone once the text is sent or cleared.
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { writeFileAtomic } from "../../lib/atomic-write.ts";
import { isErrorCode } from "../../lib/error-code.ts";
import { type Draft, formatDraft, parseDraft } from "./draft.ts";

export type DraftFileOptions = {
  /** The file of the project's prompts. */
  historyFile: string;
  /** The number of this process; its draft is told from those of others by it. */
  pid: number;
  /** Whether the process with that number runs: its draft is its own then. */
  isAlive: (pid: number) => boolean;
  onError: (error: unknown) => void;
};

export interface DraftFile {
  /**
   * The newest draft of a program that is gone: of this saved session, else one that belongs to none. It is this
   * program's from now on. `elsewhere` is told the session whose draft is newer and waits for it to be resumed.
   */
  recover(session?: string | null, elsewhere?: (session: string) => void): Promise<Draft | null>;
  /** The draft as it is now; an empty text is none. Cheap: it is written later. */
  follow(draft: Draft): void;
  /** Writes what is not written yet, before the program leaves. */
  close(): void;
}

const SAVE_MS = 500;
/** A draft with long pastes takes longer to write and changes as often. */
const LARGE = 256 * 1024;
const SAVE_LARGE_MS = 3_000;

export function createDraftFile({ historyFile, pid, isAlive, onError }: DraftFileOptions): DraftFile {
  const folder = dirname(historyFile);
  const prefix = `${basename(historyFile, ".jsonl")}.draft-`;
  const file = join(folder, `${prefix}${pid}.json`);
  let wanted: Draft | null = null;
  let isSaved = true;
  let timer: NodeJS.Timeout | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let told = false;
  /** A folder that cannot be written is told once, not twice a second. */
  const fail = (error: unknown): void => {
    if (!told) onError(error);
    told = true;
  };
  const save = (): void => {
    timer = null;
    last = last.then(() => write(file, wanted)).catch(fail);
    isSaved = true;
  };
  return {
    recover: async (session = null, elsewhere = () => undefined) => {
      const found = await findAbandoned(folder, prefix, (other) => other === pid || !isAlive(other));
      const own = found.find((each) => session !== null && each.session === session);
      const wanted = own ?? found.find((each) => each.session === null);
      const [newest] = found;
      if (newest && newest !== wanted && newest.session !== null) elsewhere(newest.session);
      return wanted === undefined ? null : claim(wanted.path, file);
    },
    follow(draft) {
      const next = draft.content.text === "" ? null : draft;
      if (isSame(next, wanted)) return;
      wanted = next;
      isSaved = false;
      if (next === null) {
        // At once: what was sent must not come back.
        if (timer) clearTimeout(timer);
        save();
        return;
      }
      timer ??= setTimeout(save, sizeOf(next) > LARGE ? SAVE_LARGE_MS : SAVE_MS);
      timer.unref();
    },
    close() {
      if (timer) clearTimeout(timer);
      timer = null;
      try {
        if (wanted === null) rmSync(file, { force: true });
        else if (!isSaved) writeNow(file, wanted);
      } catch (error) {
        fail(error);
      }
    },
  };
}

/** Moves of the cursor change no draft. */
function isSame(one: Draft | null, other: Draft | null): boolean {
  if (one?.session !== other?.session) return false;
  return one?.content.text === other?.content.text && one?.content.tokens === other?.content.tokens;
}

function sizeOf({ content }: Draft): number {
  return content.tokens.reduce(
    (sum, { attachment }) => sum + (attachment.kind === "paste" ? attachment.text.length : 0),
    content.text.length,
  );
}

async function write(file: string, draft: Draft | null): Promise<void> {
  if (draft === null) {
    await rm(file, { force: true });
    return;
  }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFileAtomic(file, Buffer.from(formatDraft(draft)), 0o600);
}

function writeNow(file: string, draft: Draft): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.tmp`, formatDraft(draft), { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
}

/** `session` is null where it belongs to none, or cannot be read. */
type Abandoned = { path: string; session: string | null };

/** The files of the project whose processes are gone, newest first. */
async function findAbandoned(
  folder: string,
  prefix: string,
  isGone: (pid: number) => boolean,
): Promise<Abandoned[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isErrorCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  });
  const files = names
    .filter((name) => name.startsWith(prefix) && /^\d+\.json$/.test(name.slice(prefix.length)))
    .filter((name) => isGone(Number.parseInt(name.slice(prefix.length), 10)))
    .map((name) => join(folder, name));
  const dated = await Promise.all(files.map(async (path) => ({ path, ms: await modifiedMs(path) })));
  const newestFirst = dated.sort((one, other) => other.ms - one.ms);
  return Promise.all(newestFirst.map(async ({ path }) => ({ path, session: await sessionOf(path) })));
}

async function sessionOf(path: string): Promise<string | null> {
  const json = await readFile(path, "utf8").catch(() => ""); // Claimed by another program just now.
  return parseDraft(json)?.session ?? null;
}

async function modifiedMs(path: string): Promise<number> {
  // Another program may have claimed it meanwhile.
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** Renaming decides between two programs that start together. A damaged file is no draft. */
async function claim(found: string, file: string): Promise<Draft | null> {
  try {
    if (found !== file) await rename(found, file);
    return parseDraft(await readFile(file, "utf8"));
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return null;
    throw error;
  }
}

/** Signal 0 reaches a process without doing anything to it. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isErrorCode(error, "EPERM");
  }
}
