// A Workspace whose files and commands pass through the editor that shows us, where it lends them: what is not saved yet
// is read, edits land in its buffers, commands run in its terminals. What the editor does not do is done as always.
import { isWithin } from "../lib/paths.ts";
import { decodeText } from "../lib/text-encoding.ts";
import type { Editor, EditorCommandEnd } from "../protocol/editor.ts";
import { hiddenSecrets } from "../sandbox/child-env.ts";
import { findShell } from "../sandbox/local.ts";
import type { ExecOptions, ExecResult, Workspace } from "../sandbox/workspace.ts";

/** Bigger files are nobody's buffers. */
const MOST_TEXT_BYTES = 10 * 1024 * 1024;
const MOST_OUTPUT_BYTES = 1024 * 1024;
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
    const { readText } = this.#editor;
    const text =
      readText && stored.length <= MOST_TEXT_BYTES && this.#isLent(real) ? plainText(stored) : null;
    if (!readText || text === null) return stored;
    const shown = await this.#attempt("read", () => readText(real));
    if (shown === null || withoutMark(sameEnds(shown)) === withoutMark(sameEnds(text))) return stored;
    const ends = text.includes("\r\n") && !/[^\r]\n/.test(text) ? "\r\n" : "\n";
    const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
    return Buffer.from(mark + withoutMark(sameEnds(shown)).replaceAll("\n", ends));
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

function sameEnds(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

function withoutMark(text: string): string {
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

function shownOutput({ output, cut }: EditorCommandEnd): string {
  return cut ? `[The beginning of the output was not kept by the editor's terminal.]\n${output}` : output;
}
