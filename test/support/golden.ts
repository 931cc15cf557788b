// Golden texts: what a component showed when somebody last looked at it. `UPDATE_GOLDENS=1` writes them anew; otherwise
// a text that differs, or that nobody has looked at yet, fails.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect } from "vitest";

/** `name` is a path below test/golden without its ending. */
export async function expectGolden(name: string, text: string): Promise<void> {
  const file = new URL(`../golden/${name}.txt`, import.meta.url).pathname;
  const shown = text.endsWith("\n") ? text : `${text}\n`;
  if (process.env.UPDATE_GOLDENS) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, shown);
    return;
  }
  const golden = await readFile(file, "utf8").catch(() => null);
  if (golden === null) expect.fail(`There is no golden ${name} yet; UPDATE_GOLDENS=1 writes it.`);
  expect(shown, `Look at the difference; UPDATE_GOLDENS=1 takes it for good (${name}).`).toBe(golden);
}
