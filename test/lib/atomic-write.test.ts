import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writeFileAtomic } from "../../src/lib/atomic-write.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "hearth-test-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test("A-049: a writer that is killed leaves the old content or the new one, never a part", async () => {
  const path = join(folder(), "f");
  const size = 2_000_000;
  await writeFile(path, "a".repeat(size));
  const module = resolve("src/lib/atomic-write.ts");
  const script = `
    const { writeFileAtomic } = await import(${JSON.stringify(module)});
    process.stdout.write("ready");
    for (let n = 0; ; n++) await writeFileAtomic(${JSON.stringify(path)}, Buffer.alloc(${size}, n % 2 ? "a" : "b"));`;
  for (let round = 0; round < 4; round++) {
    const writer = spawn(process.execPath, ["--input-type=module", "--eval", script]);
    await new Promise((ready) => writer.stdout.once("data", ready));
    await new Promise((later) => setTimeout(later, 5 + round * 7));
    writer.kill("SIGKILL");
    await new Promise((gone) => writer.once("exit", gone));
    expect(["a".repeat(size), "b".repeat(size)]).toContain(readFileSync(path, "utf8"));
  }
});

test("the mode is set as asked", async () => {
  const path = join(folder(), "f");
  await writeFileAtomic(path, Buffer.from("x"), 0o640);
  expect((await stat(path)).mode & 0o777).toBe(0o640);
});

test("nothing is left behind when it fails", async () => {
  const base = folder();
  await expect(writeFileAtomic(join(base, "none", "f"), Buffer.from("x"))).rejects.toThrow("ENOENT");
  expect(readdirSync(base)).toEqual([]);
});
