// A run of vitest with our `whole-run.ts` around it, that leaves a process behind or does not.
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { lookAtProcess } from "../../src/lib/process-start.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Runs one test with this body; the numbers of the processes that it starts are given with how the run ended. */
async function runWith(body: string) {
  const root = await temporaryFolder();
  await symlink(join(ROOT, "node_modules"), join(root, "node_modules"));
  const config = { test: { include: ["*.test.ts"], globalSetup: join(ROOT, "test/support/whole-run.ts") } };
  await writeFile(join(root, "vitest.config.mjs"), `export default ${JSON.stringify(config)};`);
  const head = `import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, test } from "vitest";
const folder = mkdtempSync(join(tmpdir(), "t-"));
const start = (options) => {
  const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore", ...options });
  child.unref();
  appendFileSync("pids", child.pid + "\\n");
  return child;
};`;
  await writeFile(join(root, "one.test.ts"), `${head}\ntest("starts it", () => {\n${body}\n});\n`);
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const { exitCode, stderr } = await execa(process.execPath, [vitest, "run"], { cwd: root, reject: false });
  const pids = (await readFile(join(root, "pids"), "utf8")).trimEnd().split("\n").map(Number);
  return { exitCode, stderr, pids };
}

test.skipIf(process.platform !== "linux")(
  "a run that leaves processes behind fails, names them, and ends them",
  async () => {
    const known = [`start({ cwd: folder, env: {} });`, `start({ cwd: "/", env: { HOME: folder } });`];
    const { exitCode, stderr, pids } = await runWith(known.join("\n"));
    expect(exitCode).toBe(1);
    expect(pids).toHaveLength(2);
    for (const pid of pids) {
      expect(stderr).toContain(`${pid} sleep 600`);
      expect(lookAtProcess(pid)?.state ?? "Z").toBe("Z");
    }
  },
);

test("a run whose processes end with their tests is well", async () => {
  const body = "const child = start({ cwd: folder }); onTestFinished(() => void child.kill());";
  expect(await runWith(body)).toMatchObject({ exitCode: 0, stderr: "" });
});
