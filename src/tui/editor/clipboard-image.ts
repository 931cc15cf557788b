// The image in the clipboard as a private file, through whatever program can read it here. Terminals hand over text only.
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../lib/app-error.ts";
import { runProcess } from "../../lib/subprocess.ts";

/** Wayland, X11, macOS (pngpaste); `$1` is the file. Each program writes only when there is an image. */
const READ_IMAGE = `umask 077
[ -n "$WAYLAND_DISPLAY" ] && wl-paste --type image/png > "$1" 2>/dev/null && [ -s "$1" ] && exit
[ -n "$DISPLAY" ] && xclip -selection clipboard -target image/png -out > "$1" 2>/dev/null && [ -s "$1" ] && exit
pngpaste "$1" 2>/dev/null`;
const TIMEOUT_MS = 3_000;

/** The absolute path. Throws AppError `clipboard.image` when there is none, or no program to read it. */
export async function readClipboardImage(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hearth-clipboard-"));
  const file = join(folder, "clipboard.png");
  const set = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  const run = runProcess("sh", ["-c", READ_IMAGE, "sh", file], {
    cwd: folder,
    env: Object.fromEntries(set),
    timeoutMs: TIMEOUT_MS,
    signal: new AbortController().signal,
  });
  const size = await run
    .then(() => stat(file))
    .then(
      (found) => found.size,
      () => 0, // No shell, or no file: no image either way.
    );
  if (size > 0) return file;
  await rm(folder, { recursive: true, force: true });
  throw new AppError("clipboard.image", "No image in the clipboard (wl-paste, xclip or pngpaste read it).");
}
