// What outlives us when nothing of ours runs any more.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { isAlive } from "../tools/temporary-workspace.ts";

const CHILD = new URL("../support/watched-child.ts", import.meta.url).pathname;

async function startChild(how: string): Promise<{ child: ChildProcess; grandchild: number }> {
  const child = spawn(process.execPath, [CHILD, how], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [text] = (await once(child.stdout, "data")) as [Buffer];
  const grandchild = Number(text.toString());
  onTestFinished(() => {
    if (isAlive(grandchild)) process.kill(grandchild, "SIGKILL");
  });
  expect(isAlive(grandchild)).toBe(true);
  return { child, grandchild };
}

test("a watched command and what it started end when we are killed with SIGKILL", async () => {
  const { child, grandchild } = await startChild("watched");
  child.kill("SIGKILL");
  await expect.poll(() => isAlive(grandchild), { timeout: 5_000 }).toBe(false);
});

test("without the watch it would stay: the test above can fail", async () => {
  const { child, grandchild } = await startChild("alone");
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isAlive(grandchild)).toBe(true);
});
