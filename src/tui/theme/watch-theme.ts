// Watches the file of a theme in use. Its folder is watched, not the file: editors put a new file in its place.
import { watch } from "node:fs";
import { basename, dirname } from "node:path";

/** Writes of one save come together. */
const SAVE_MS = 100;

/** Calls `onChange` after each save; gives the function that ends it. Keeps no process alive, fails in silence. */
export function watchTheme(file: string, onChange: () => void): () => void {
  const name = basename(file);
  let timer: NodeJS.Timeout | null = null;
  const changed = (_event: string, which: string | null): void => {
    // Some systems do not say which file it was.
    if (which !== null && which !== name) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(onChange, SAVE_MS);
    timer.unref();
  };
  const watcher = watchFolder(dirname(file), changed);
  return () => {
    if (timer) clearTimeout(timer);
    watcher?.close();
  };
}

/** Null where the system has no more watches, or the folder has gone: the theme stays as it is then. */
function watchFolder(
  folder: string,
  onChange: (event: string, which: string | null) => void,
): ReturnType<typeof watch> | null {
  try {
    const watcher = watch(folder, { persistent: false }, onChange);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    // Whatever the reason: /theme reads the file again.
    return null;
  }
}
