import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startPipedProcess } from "../../src/lib/piped-process.ts";
import { endOrphans, markVariables } from "../../src/lib/process-mark.ts";
import { lookAtProcess } from "../../src/lib/process-start.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ENV = { PATH: process.env.PATH ?? "" };
const isGone = (pid: number): boolean => {
  const found = lookAtProcess(pid);
  return found === null || found.state === "Z" || found.state === "X";
};

describe.skipIf(process.platform !== "linux")("what a program left behind in a session of its own", () => {
  it("ends with the program", async () => {
    const cwd = await temporaryFolder();
    const script = "setsid sh -c 'echo $$; exec sleep 600' & wait";
    const program = await startPipedProcess("sh", ["-c", script], { cwd, env: ENV });
    const [line] = (await once(program.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    expect(isGone(pid)).toBe(false);
    await program.stop(0);
    await vi.waitFor(() => expect(isGone(pid)).toBe(true));
  });

  it("ends when its starter is killed", async () => {
    const cwd = await temporaryFolder();
    const starter = join(cwd, "starter.ts");
    const module = new URL("../../src/lib/piped-process.ts", import.meta.url).pathname;
    await writeFile(
      starter,
      `import { startPipedProcess } from ${JSON.stringify(module)};
       const program = await startPipedProcess("sh", ["-c", "setsid sh -c 'echo $$; exec sleep 600' & wait"], { cwd: ".", env: { PATH: process.env.PATH ?? "" } });
       program.stdout.pipe(process.stdout);
       setInterval(() => undefined, 1000);`,
    );
    const child = spawn(process.execPath, [starter], { cwd, stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    expect(isGone(pid)).toBe(false);
    child.kill("SIGKILL");
    await vi.waitFor(() => expect(isGone(pid)).toBe(true), { timeout: 10_000 });
  });

  it("is ended by the next start where nobody else did, and what has a living starter is not", async () => {
    const cwd = await temporaryFolder();
    const starter = spawn("true");
    await once(starter, "exit");
    const env = { ...ENV, ...markVariables(`${starter.pid}.1.1`) };
    const orphan = spawn("sleep", ["600"], { cwd, env, detached: true, stdio: "ignore" });
    onTestFinished(() => void orphan.kill("SIGKILL"));
    const ours = await startPipedProcess("sleep", ["600"], { cwd, env: ENV });
    let ended = false;
    void ours.exited.then(() => {
      ended = true;
    });
    expect(endOrphans()).toBeGreaterThan(0);
    await once(orphan, "exit");
    expect(ended).toBe(false);
    await ours.stop(0);
  });
});
