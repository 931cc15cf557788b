import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sessionContext } from "../../src/session/context.ts";
import { readBranch } from "../../src/session/read.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const KILLS = 20;
const CHILD = join(import.meta.dirname, "../support/appending-child.ts");

it(`a process killed -9 at ${KILLS} random moments, resumed each time, loses no prompt and no answer it was told of`, async () => {
  const dir = await temporaryFolder();
  const told: string[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    told.push(...(await runAndKill([dir, pathIn(told)], kill)));
    const branch = await readBranch(pathIn(told), { whole: true });
    expect(branch.complete).toBe(true);
    expect(branch.notices.filter((notice) => notice.code !== "session.torn_line")).toEqual([]);
    const history = new Map(sessionContext(branch).history.map(({ id, message }) => [id, message]));
    for (const run of valuesOf("prompt", told)) expect(history.has(`u${run}`)).toBe(true);
    for (const run of valuesOf("answer", told))
      expect(history.get(`a${run}`)).toMatchObject({ stopReason: "stop" });
  }
  expect(valuesOf("failed", told)).toEqual([]);
  expect(valuesOf("prompt", told).length).toBeGreaterThan(KILLS);
}, 60_000);

function pathIn(told: readonly string[]): string {
  return valuesOf("path", told).at(-1) ?? "";
}

/** The second words of the lines that begin with `what`. */
function valuesOf(what: string, told: readonly string[]): string[] {
  return told.flatMap((line) => (line.startsWith(`${what} `) ? [line.slice(what.length + 1)] : []));
}

/** The whole lines that the child printed before it was killed, after its first prompt and a random while more. */
async function runAndKill(args: string[], seed: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    const first = !output.includes("prompt");
    output += chunk.toString();
    if (first && output.includes("prompt"))
      setTimeout(() => child.kill("SIGKILL"), (seed * 7 + Math.random() * 7) % 60);
  });
  await new Promise((resolve) => child.once("close", resolve));
  return output.split("\n").slice(0, -1);
}
