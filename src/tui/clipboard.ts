// The clipboard: what is copied goes to the terminal (OSC 52, which works over ssh) and to the clipboard program of
// the system where there is one.
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { runProcess } from "../lib/subprocess.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** `encode` makes of the text what the program takes; absent: UTF-8. */
export type ClipboardProgram = { file: string; args: readonly string[]; encode?: (text: string) => Buffer };

export type CopyOptions = {
  env: Environment;
  platform: NodeJS.Platform;
  cwd: string;
  /** Writes to the terminal. */
  write: (sequence: string) => void;
};

const TIMEOUT_MS = 2_000;

/**
 * Copies the text. Resolves when the program has it; a program that fails is no error: the terminal was told already.
 */
export async function copyToClipboard(
  text: string,
  { env, platform, cwd, write }: CopyOptions,
): Promise<void> {
  write(clipboardSequence(text));
  for (const program of await clipboardPrograms(env, platform)) {
    const input = { stdin: program.encode?.(text) ?? text, env: programEnv(env), cwd, outlives: true };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const end = await runProcess(program.file, program.args, { ...input, signal }).catch(() => null);
    if (end?.exitCode === 0) return;
  }
}

/** OSC 52: the terminal puts the text into its clipboard (xterm, "Operating System Commands"). */
function clipboardSequence(text: string): string {
  return `\x1b]52;c;${Buffer.from(text).toString("base64")}\x07`;
}

/** Those that are installed and have a clipboard to talk to, best first. */
export async function clipboardPrograms(
  env: Environment,
  platform: NodeJS.Platform,
): Promise<ClipboardProgram[]> {
  const wanted = candidates(env, platform);
  const found = await Promise.all(wanted.map(({ file }) => isOnPath(file, env.PATH ?? "")));
  return wanted.filter((_, index) => found[index]);
}

function candidates(env: Environment, platform: NodeJS.Platform): ClipboardProgram[] {
  if (platform === "darwin") return [{ file: "pbcopy", args: [] }];
  if (platform === "win32") return [CLIP];
  return [
    ...(env.WAYLAND_DISPLAY ? [{ file: "wl-copy", args: [] }] : []),
    ...(env.DISPLAY
      ? [
          { file: "xclip", args: ["-selection", "clipboard"] },
          { file: "xsel", args: ["--clipboard", "--input"] },
        ]
      : []),
    ...(env.WSL_DISTRO_NAME ? [CLIP] : []),
    // tmux keeps a program's OSC 52 to itself by default; what it is given, it hands to the terminal (-w).
    ...(env.TMUX ? [{ file: "tmux", args: ["load-buffer", "-w", "-"] }] : []),
  ];
}

/** It takes UTF-16 with a byte order mark; UTF-8 it would read in the console's code page. */
const CLIP: ClipboardProgram = {
  file: "clip.exe",
  args: [],
  encode: (text) => Buffer.from(`\ufeff${text}`, "utf16le"),
};

async function isOnPath(file: string, path: string): Promise<boolean> {
  for (const folder of path.split(delimiter)) {
    if (folder === "") continue;
    const isThere = await access(join(folder, file), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
}

/** What clipboard programs need to find their clipboard; no keys of ours. */
const NAMES = [
  "PATH",
  "HOME",
  "USER",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TMPDIR",
  "DISPLAY",
  "XAUTHORITY",
  "WAYLAND_DISPLAY",
  "XDG_RUNTIME_DIR",
  "TMUX",
  "WSL_DISTRO_NAME",
  "WSL_INTEROP",
  "SystemRoot",
] as const;

export function programEnv(env: Environment): Record<string, string> {
  return Object.fromEntries(
    NAMES.flatMap((name): [string, string][] => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
