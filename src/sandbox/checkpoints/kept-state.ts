// What is kept beside the index of a shadow repository: the newest checkpoint, and what git's trees do not hold.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { writeFileAtomic } from "../../lib/atomic-write.ts";

/**
 * `commit` and `tree` of the newest checkpoint, "" before the first. `modes`: permission bits by path where they are
 * not what a new file gets. `uncovered`: paths left out that rules do not ignore.
 */
const KeptState = z.object({
  commit: z.string(),
  tree: z.string(),
  modes: z.record(z.string(), z.number()),
  uncovered: z.array(z.string()),
});
export type KeptState = z.infer<typeof KeptState>;

const NOTHING_KEPT: KeptState = { commit: "", tree: "", modes: {}, uncovered: [] };

const FILE = "hearth.json";

/** Whatever cannot be read is as good as nothing: the next look finds it out again. */
export async function readKeptState(gitDir: string): Promise<KeptState> {
  try {
    const value: unknown = JSON.parse(await readFile(join(gitDir, FILE), "utf8"));
    const read = KeptState.safeParse(value);
    return read.success ? read.data : NOTHING_KEPT;
  } catch {
    return NOTHING_KEPT;
  }
}

export async function writeKeptState(gitDir: string, state: KeptState): Promise<void> {
  await writeFileAtomic(join(gitDir, FILE), Buffer.from(JSON.stringify(state)), 0o600);
}

/** Permission bits of a file that nobody set apart. */
export function usualMode(executable: boolean): number {
  return (executable ? 0o777 : 0o666) & ~process.umask();
}
