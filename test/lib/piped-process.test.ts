import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { AppError } from "../../src/lib/app-error.ts";
import { startPipedProcess } from "../../src/lib/piped-process.ts";
import { groupAlive } from "../../src/lib/process-group.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const env = { PATH: process.env.PATH ?? "" };

async function start(code: string) {
  return startPipedProcess(process.execPath, ["-e", code], { cwd: await temporaryFolder(), env });
}

describe("a piped process", () => {
  it("is talked to over its streams, and ends by itself when its input is closed", async () => {
    const child = await start('process.stdin.pipe(process.stdout); console.error("ready")');
    child.stdin.write("hello");
    expect(String((await once(child.stdout, "data"))[0])).toBe("hello");
    await child.stop(5_000);
    expect(await child.exited).toEqual({ exitCode: 0, signal: null });
    expect(child.errorText()).toBe("ready");
  });

  it("is ended with everything it started when it does not go", async () => {
    const grandchild =
      'require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => 0, 1e6)"])';
    const child = await start(`console.log(${grandchild}.pid, process.pid); setInterval(() => 0, 1e6)`);
    const [, pid] = String((await once(child.stdout, "data"))[0])
      .split(" ")
      .map(Number);
    await child.stop(10);
    expect(groupAlive(pid ?? 0)).toBe(false);
  });

  it("keeps only the newest of what it complains", async () => {
    const child = await start('process.stderr.write("a".repeat(9000) + "end")');
    await child.exited;
    await child.stop(0);
    expect(child.errorText()).toMatch(/^a{3997}end$/);
  });

  it("that cannot be started says so", async () => {
    const started = startPipedProcess("/no/such/program", [], { cwd: await temporaryFolder(), env });
    await expect(started).rejects.toThrow(AppError);
    await expect(started).rejects.toMatchObject({ code: "process.start" });
  });
});
