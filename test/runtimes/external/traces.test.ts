import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { leaveTrace, sweepTraces } from "../../../src/runtimes/external/traces.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

it("keeps the trace of a living process and takes away those of dead ones", async () => {
  const folder = join(await temporaryFolder(), "agents");
  leaveTrace(folder);
  const dead = spawn("true");
  await once(dead, "exit");
  const owner = { pid: dead.pid, host: hostname(), started: "1" };
  await writeFile(join(folder, `${dead.pid}.lock`), JSON.stringify(owner));
  await sweepTraces(folder);
  expect(await readdir(folder)).toEqual([`${process.pid}.lock`]);
});

it("has nothing to do without a folder, and leaves other files alone", async () => {
  const folder = join(await temporaryFolder(), "agents");
  await sweepTraces(folder);
  await mkdir(folder);
  await writeFile(join(folder, "notes.txt"), "mine");
  await sweepTraces(folder);
  expect(await readdir(folder)).toEqual(["notes.txt"]);
});
