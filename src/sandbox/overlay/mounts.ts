// What is mounted where, as this process sees it.
import { readFileSync } from "node:fs";
import { isWithin } from "../../lib/paths.ts";

/** This process has an overlay over `covered`, and sees the workspace itself at `real`. */
export function isMounted(real: string, covered: string): boolean {
  const mounts = readMounts();
  return (
    mounts.some(({ at, type }) => at === covered && type === "overlay") &&
    mounts.some(({ at }) => at === real)
  );
}

type Mount = { at: string; type: string };

/** Mount points of this process (proc(5), mountinfo); none where there is no /proc. */
export function readMounts(): Mount[] {
  try {
    return parseMounts(readFileSync("/proc/self/mountinfo", "utf8"));
  } catch {
    return []; // No Linux: then there is no overlay either.
  }
}

function parseMounts(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const [fields = "", more = ""] = line.split(" - ");
    const at = fields.split(" ")[4];
    if (at === undefined) return [];
    const type = more.split(" ")[0] ?? "";
    return [
      { at: at.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8))), type },
    ];
  });
}

/** Mount points inside `folder`, itself not among them. */
export function mountsBelow(folder: string, mounts: readonly Mount[]): string[] {
  return mounts.flatMap(({ at }) => (at !== folder && isWithin(folder, at) ? [at] : []));
}
