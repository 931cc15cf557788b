// A Workspace whose files and commands pass through the editor that shows us, where it lends them: what is not saved yet
// is read, edits land in its buffers, commands run in its terminals. What the editor does not do is done as always.
import { setTimeout as sleep } from "node:timers/promises";
import { isWithin } from "../lib/paths.ts";
import { decodeText } from "../lib/text-encoding.ts";
import type { Editor, EditorCommandEnd } from "../protocol/editor.ts";
import { hiddenSecrets } from "../sandbox/child-env.ts";
import { findShell } from "../sandbox/local.ts";
import type { ExecOptions, ExecResult, Workspace } from "../sandbox/workspace.ts";

/** Bigger files are nobody's buffers. */
const MOST_TEXT_BYTES = 10 * 1024 * 1024;
const MOST_OUTPUT_BYTES = 1024 * 1024;
/** Editors see a change on the disk within tenths of a second. */
const NOTICING_MS = 500;
/** As of a local command that ran out of time. */
const TIMEOUT_EXIT_CODE = 124;

export type EditorWorkspaceOptions = {
  /** Folders beside the root whose files are the editor's too. Absolute. */
  addDirs: readonly string[];
  /** Our own environment, and the part of it that programs may see. */
  env: Readonly<Record<string, string | undefined>>;
  childEnv: Readonly<Record<string, string>>;
};

/**
 * The same workspace through the editor. `readRange` of a whole file gives the buffer's text, which may be longer than
 * the range. Only texts in UTF-8 are the editor's; line ends and byte order mark stay those of the file.
 */
export function editorWorkspace(
  workspace: Workspace,
  options: EditorWorkspaceOptions,
  editor: Editor,
): Workspace {
  const through = new ThroughEditor(workspace, options, editor);
  return {
    ...workspace,
    readFile: (path) => through.readFile(path),
    readRange: (path, start, end) => through.readRange(path, start, end),
    writeFile: (path, data) => through.writeFile(path, data),
    exec: (command, how) => through.exec(command, how),
  };
}

class ThroughEditor {
  readonly #local: Workspace;
  readonly #editor: Editor;
  readonly #folders: readonly string[];
  readonly #shell: string;
  /** The editor's terminals begin with its own environment: what programs may not see is emptied there. */
  readonly #env: Record<string, string>;
  readonly #told = new Set<string>();

  constructor(local: Workspace, { addDirs, env, childEnv }: EditorWorkspaceOptions, editor: Editor) {
    this.#local = local;
    this.#editor = editor;
    this.#folders = [local.root, ...addDirs];
    this.#shell = findShell(childEnv.PATH ?? "");
    this.#env = Object.fromEntries(hiddenSecrets(env, childEnv).map((name) => [name, ""]));
  }

  async readFile(path: string): Promise<Uint8Array> {
    const stored = await this.#local.readFile(path);
    return this.#unsaved(await this.#local.resolve(path), stored);
  }

  async readRange(path: string, start: number, end: number): Promise<Uint8Array> {
    const { readText } = this.#editor;
    const real = await this.#local.resolve(path);
    const stat = readText && this.#isLent(real) ? await this.#local.stat(real) : null;
    const isWhole = stat?.kind === "file" && start === 0 && end >= stat.size && stat.size <= MOST_TEXT_BYTES;
    return isWhole ? this.readFile(real) : this.#local.readRange(path, start, end);
  }

  /** A new file is written by us first, so that there is one to open. */
  async writeFile(path: string, data: Uint8Array): Promise<void> {
    const { writeText } = this.#editor;
    const real = await this.#local.resolve(path);
    const text = writeText && this.#isLent(real) ? plainText(data) : null;
    if (!writeText || text === null) return this.#local.writeFile(path, data);
    const isNew = (await this.#local.stat(real)) === null;
    if (isNew) await this.#local.writeFile(real, data);
    const before = isNew ? data : await this.#local.readFile(real);
    const done = await this.#attempt("write", () => writeText(real, text).then(() => true));
    if (!done || (!isNew && (await this.#isStill(real, before)))) await this.#local.writeFile(real, data);
  }

  async exec(command: string, options: ExecOptions): Promise<ExecResult> {
    const { run } = this.#editor;
    if (!run || options.stdin !== undefined) return this.#local.exec(command, options);
    const cwd = await this.#local.resolve(options.cwd ?? ".");
    const { timeoutSeconds, env = {}, signal } = options;
    const end = await this.#attempt("run", () =>
      run({
        file: this.#shell,
        args: ["-c", command],
        cwd,
        env: { ...this.#env, ...env },
        maxOutputBytes: MOST_OUTPUT_BYTES,
        ...(timeoutSeconds === undefined ? {} : { timeoutMs: timeoutSeconds * 1_000 }),
        signal,
      }),
    );
    if (end === null) return this.#local.exec(command, options);
    options.onOutput?.(shownOutput(end));
    const { exitCode, timedOut, aborted } = end;
    return { exitCode: timedOut ? TIMEOUT_EXIT_CODE : exitCode, timedOut, aborted };
  }

  /** The bytes that the buffer stands for; those that are stored where it says the same or nothing. */
  async #unsaved(real: string, stored: Uint8Array): Promise<Uint8Array> {
    const isText = stored.length <= MOST_TEXT_BYTES && this.#editor.readText && this.#isLent(real);
    const text = isText ? plainText(stored) : null;
    if (text === null) return stored;
    const shown = await this.#shown(real, text);
    if (shown === null || isSame(shown, text)) return stored;
    const ends = text.includes("\r\n") && !/[^\r]\n/.test(text) ? "\r\n" : "\n";
    const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
    return Buffer.from(mark + plainWords(shown).replaceAll("\n", ends));
  }

  /** A file that a command has just changed may still be the old one in the editor: that is asked once more then. */
  async #shown(real: string, stored: string): Promise<string | null> {
    const ask = () => this.#attempt("read", () => this.#editor.readText?.(real) ?? Promise.resolve(stored));
    const shown = await ask();
    if (shown === null || isSame(shown, stored)) return shown;
    const stat = await this.#local.stat(real);
    if (stat === null || Date.now() - stat.modifiedMs > NOTICING_MS) return shown;
    await sleep(NOTICING_MS);
    return ask();
  }

  /** Some editors change their buffer and leave the file to be saved; programs and checkpoints need it on the disk. */
  async #isStill(real: string, before: Uint8Array): Promise<boolean> {
    const now = await this.#local.readFile(real);
    return Buffer.compare(now, before) === 0;
  }

  #isLent(real: string): boolean {
    return this.#folders.some((folder) => isWithin(folder, real));
  }

  /** null: it did not work out, and that was told once. */
  async #attempt<T>(what: "read" | "write" | "run", work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (!this.#told.has(what)) this.#editor.onFallback(what, error);
      this.#told.add(what);
      return null;
    }
  }
}

/** The text, its byte order mark kept; null for other encodings and for what is no text. */
function plainText(data: Uint8Array): string | null {
  const decoded = decodeText(data);
  if (!decoded || decoded.lossy || decoded.encoding !== "utf8") return null;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(data);
}

function isSame(one: string, other: string): boolean {
  return plainWords(one) === plainWords(other);
}

/** Without what an editor may not tell: the kind of line ends, the byte order mark. */
function plainWords(text: string): string {
  return text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
}

function shownOutput({ output, cut }: EditorCommandEnd): string {
  return cut ? `[The beginning of the output was not kept by the editor's terminal.]\n${output}` : output;
}
