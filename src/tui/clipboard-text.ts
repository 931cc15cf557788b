// The text in the clipboard of the system, through whatever program can read it here. (What is copied: clipboard.ts.)
import { AppError } from "../lib/app-error.ts";
import { findProgram } from "../lib/find-program.ts";
import { runProcess } from "../lib/subprocess.ts";
import { type Environment, programEnv } from "./clipboard.ts";

type Reader = { file: string; args: readonly string[] };

const TIMEOUT_MS = 2_000;

/** Throws AppError `clipboard.text` when there is no text, or no program to read it. */
export async function readClipboardText(
  env: Environment,
  cwd: string,
  platform: NodeJS.Platform = process.platform,
): Promise<string> {
  for (const { file, args } of readers(env, platform)) {
    if (findProgram(file, env.PATH ?? "") === null) continue;
    let text = "";
    const end = await runProcess(file, args, {
      env: programEnv(env),
      cwd,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      onOutput: (part, stream) => {
        if (stream === "stdout") text += part;
      },
    }).catch(() => null); // It cannot be started: the next one may do.
    if (end?.exitCode === 0 && text !== "")
      return platform === "win32" ? text.replaceAll("\r\n", "\n") : text;
  }
  throw new AppError("clipboard.text", "No text in the clipboard, or no program here that reads it.", {
    hint: "wl-paste, xclip, xsel and pbpaste do. Your terminal's own paste always works.",
  });
}

function readers(env: Environment, platform: NodeJS.Platform): Reader[] {
  if (platform === "darwin") return [{ file: "pbpaste", args: [] }];
  const windows = { file: "powershell.exe", args: ["-NoProfile", "-Command", "Get-Clipboard -Raw"] };
  if (platform === "win32") return [windows];
  return [
    ...(env.WAYLAND_DISPLAY ? [{ file: "wl-paste", args: ["--no-newline", "--type", "text"] }] : []),
    ...(env.DISPLAY
      ? [
          { file: "xclip", args: ["-selection", "clipboard", "-out"] },
          { file: "xsel", args: ["--clipboard", "--output"] },
        ]
      : []),
    ...(env.WSL_DISTRO_NAME ? [windows] : []),
    ...(env.TMUX ? [{ file: "tmux", args: ["save-buffer", "-"] }] : []),
  ];
}
