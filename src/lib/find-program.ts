// Where a program is that a person would start by its name. Looks only; starts nothing.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The file that `command` means, a name to look for in the folders of `path` or a path itself; null when there is none. */
export function findProgram(command: string, path: string): string | null {
  const folders = command.includes("/") ? [""] : path.split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, command)).find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there or not ours to run: either way it is not the one.
    return false;
  }
}
