import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { isAlive, shown, temporaryWorkspace } from "./temporary-workspace.ts";

test("A-050: at the time limit the partial output comes back with a notice and exit code 124", async () => {
  const { call } = await temporaryWorkspace();
  const startedMs = performance.now();
  const output = await call("bash", { command: "echo start; sleep 60", timeout: 1 });
  expect(performance.now() - startedMs).toBeLessThan(4000);
  expect(shown(output)).toMatch(/^start\n\[Timed out after 1 s: .*Exit code 124\]$/);
  expect(output).toMatchObject({ isError: true, details: { exitCode: 124, summary: "timed out" } });
});

test("the settings say how long a command may take when the model names no time", async () => {
  const { call, tools } = await temporaryWorkspace({}, { bashTimeoutS: 1 });
  expect(shown(await call("bash", { command: "echo start; sleep 60" }))).toMatch(/Timed out after 1 s/);
  const bash = tools.find(({ name }) => name === "bash");
  expect(JSON.stringify(bash?.parameters)).toContain("default 1, at most 600");
});

test("A-051: of 10 MB at most 50 KB are shown, and the file named holds everything", async () => {
  const { call } = await temporaryWorkspace();
  const output = await call("bash", { command: "yes 0123456789abcde | head -c 10485760; echo; echo END" });
  const text = shown(output);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(50 * 1024);
  expect(text).toMatch(/^\[Output cut: this is the last 2000 of 655362 lines\. All of it is in /);
  expect(text).toMatch(/END$/);
  const path = output.details?.fullOutputPath ?? "";
  expect(text).toContain(path);
  expect((await readFile(path)).length).toBe(10_485_760 + 5);
  expect(shown(await call("read", { path, limit: 1 }))).toContain("0123456789abcde");
});

test("A-052: a daemon that holds stdout does not hold the call, and is ended with the workspace", async () => {
  const { call, workspace } = await temporaryWorkspace();
  const startedMs = performance.now();
  const output = shown(await call("bash", { command: "sleep 100 & echo $!" }));
  expect(performance.now() - startedMs).toBeLessThan(2000);
  const pid = Number(output);
  expect(isAlive(pid)).toBe(true);
  await workspace.close();
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test("A-053: a command that reads stdin finds it empty", async () => {
  const { call } = await temporaryWorkspace();
  expect(shown(await call("bash", { command: "cat; echo done" }))).toBe("done");
});

test("A-059: neither secrets nor the provider's key reach a command, PATH and HOME do", async () => {
  const { childEnvironment } = await import("../../src/sandbox/child-env.ts");
  const env = { ...process.env, SECRET_X: "1", ANTHROPIC_API_KEY: "sk-1", HOME: "/home/x" };
  expect(childEnvironment(env, [])).not.toHaveProperty("SECRET_X");
  const { call } = await temporaryWorkspace();
  const output = shown(await call("bash", { command: "env" }));
  expect(output).toMatch(/^PATH=/m);
  expect(output).toMatch(/^HOME=/m);
  expect(output).not.toMatch(/API_KEY/);
});

test("the exit code of a failing command is shown, and so is a signal", async () => {
  const { call } = await temporaryWorkspace();
  const failed = await call("bash", { command: "echo oops >&2; exit 3" });
  expect(shown(failed)).toBe("oops\n[Exit code 3]");
  expect(failed.isError).toBe(true);
  expect(shown(await call("bash", { command: "kill -9 $$" }))).toBe("[Ended by a signal]");
});

test("stdout and stderr come in the order they were written", async () => {
  const { call } = await temporaryWorkspace();
  const command = "for i in 1 2 3 4 5; do echo out$i; echo err$i >&2; done";
  const lines = [1, 2, 3, 4, 5].flatMap((number) => [`out${number}`, `err${number}`]);
  expect(shown(await call("bash", { command }))).toBe(lines.join("\n"));
});

test("a syntax error is told in the shell's words", async () => {
  const { call } = await temporaryWorkspace();
  expect(shown(await call("bash", { command: "echo (" }))).toContain("syntax error");
});

test("a command of many lines with quotes, a here-document and dollars runs as written", async () => {
  const { call } = await temporaryWorkspace();
  const command = `cat <<'EOF'\n$HOME "it's"\nEOF\nprintf '%s\\n' "a  b"`;
  expect(shown(await call("bash", { command }))).toBe(`$HOME "it's"\na  b`);
});

test("output is live, and characters are not split at chunk borders", async () => {
  const { call } = await temporaryWorkspace();
  const parts: string[] = [];
  const command = String.raw`printf '\303'; sleep 0.2; printf '\251\n'; sleep 0.2; echo end`;
  const output = await call("bash", { command }, { onUpdate: (text) => parts.push(text) });
  expect(shown(output)).toBe("é\nend");
  expect(parts.join("")).toBe("é\nend\n");
  expect(parts.length).toBeGreaterThan(1);
});

test("A-027: on abort the partial output is kept and no descendant is left", async () => {
  const { call } = await temporaryWorkspace();
  const abort = new AbortController();
  let printed = "";
  const output = await call(
    "bash",
    { command: "sleep 300 & echo $!; wait" },
    {
      signal: abort.signal,
      onUpdate: (text) => {
        printed += text;
        abort.abort();
      },
    },
  );
  const pid = Number(printed);
  expect(pid).toBeGreaterThan(1);
  expect(shown(output)).toBe(`${pid}\n[Cancelled by the user: the command and all it started were ended.]`);
  expect(output.isError).toBe(true);
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test("a process that ignores TERM is killed two seconds later", async () => {
  const { call } = await temporaryWorkspace();
  const startedMs = performance.now();
  const command = "trap '' TERM; echo $$; while true; do sleep 1; done";
  const output = await call("bash", { command, timeout: 1 });
  expect(performance.now() - startedMs).toBeLessThan(6000);
  const pid = Number.parseInt(shown(output), 10);
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test("A-067: a background command is listed, its output is in a file, and close ends it", async () => {
  const { call, workspace } = await temporaryWorkspace();
  const output = shown(await call("bash", { command: "echo ready; sleep 300", background: true }));
  expect(output).toMatch(/^p1 \(pid \d+\) runs in the background\. Its output: .+\nready$/);
  const [listed] = workspace.processes();
  expect(listed).toMatchObject({ id: "p1", command: "echo ready; sleep 300" });
  expect(listed?.running()).toBe(true);
  expect(listed?.output()).toBe("ready\n");
  const path = /output: (.+)/.exec(output)?.[1] ?? "";
  expect(await readFile(path, "utf8")).toBe("ready\n");
  await workspace.close();
  expect(listed?.running()).toBe(false);
  expect(isAlive(listed?.pid ?? 0)).toBe(false);
});

test("a background command that fails at once is seen to fail", async () => {
  const { call } = await temporaryWorkspace();
  const output = await call("bash", { command: "echo no; exit 2", background: true });
  expect(shown(output)).toContain("ended with exit code 2");
  expect(output.isError).toBe(true);
});

test("colour codes are left out of what the model sees", async () => {
  const { call } = await temporaryWorkspace();
  expect(shown(await call("bash", { command: String.raw`printf '\033[31mred\033[0m\n'` }))).toBe("red");
});

test.each([
  [{}, "bash: `command` is required."],
  [{ command: "x", timeout: "soon" }, 'bash: `timeout` must be a number, not "soon".'],
  [{ command: "x", timeout: 0 }, "bash: `timeout` must be at least 1, not 0."],
  [{ command: "x", background: "maybe" }, "bash: `background` must be true or false"],
])("A-065: %j is refused before anything runs", async (args, message) => {
  const { call } = await temporaryWorkspace();
  await expect(call("bash", args)).rejects.toThrow(message);
});

test("a running command is moved to the background: the call ends at once, the log has all of it, nothing ends it early", async () => {
  const { call, workspace } = await temporaryWorkspace();
  const background = new AbortController();
  const stop = new AbortController();
  const updates: string[] = [];
  const command = "echo before; while [ ! -e go ]; do sleep 0.05; done; echo after; exit 3";
  const output = await call(
    "bash",
    { command, timeout: 1 },
    {
      background: background.signal,
      signal: stop.signal,
      onUpdate: (text) => {
        updates.push(text);
        background.abort();
      },
    },
  );
  const [moved] = workspace.processes();
  const text = shown(output);
  expect(text).toMatch(
    /^before\n\[Moved to the background by the user after 0 s\. It goes on as p1 \(process group \d+\)\./,
  );
  expect(text).not.toContain("[Output cut");
  expect(output).toMatchObject({ details: { summary: "background p1", background: "p1" } });
  expect(output.isError ?? false).toBe(false);
  const path = output.details?.fullOutputPath ?? "";
  expect(text).toContain(path);
  expect(await readFile(path, "utf8")).toBe("before\n");
  expect(moved).toMatchObject({ id: "p1", command, logPath: path });
  // Neither the signal of the call nor its time limit is its own any more.
  stop.abort();
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(moved?.running()).toBe(true);
  await call("write", { path: "go", content: "" });
  await expect.poll(() => moved?.running()).toBe(false);
  expect([moved?.exitCode(), moved?.stopped()]).toEqual([3, false]);
  expect(moved?.output()).toBe("before\nafter\n");
  expect(await readFile(path, "utf8")).toBe("before\nafter\n");
  expect(updates.join("")).toBe("before\n");
});

test("a command that was cancelled first is not moved, and one that was moved ends with the workspace", async () => {
  const { call, workspace } = await temporaryWorkspace();
  const background = new AbortController();
  const stop = new AbortController();
  const cancelled = await call(
    "bash",
    { command: "echo $$; sleep 60" },
    {
      background: background.signal,
      signal: stop.signal,
      onUpdate: () => {
        stop.abort();
        background.abort();
      },
    },
  );
  expect(shown(cancelled)).toContain("[Cancelled by the user");
  expect(workspace.processes()).toEqual([]);
  const moved = new AbortController();
  await call(
    "bash",
    { command: "sleep 60 & echo $!; wait" },
    { background: moved.signal, onUpdate: () => moved.abort() },
  );
  const [process] = workspace.processes();
  const child = Number(process?.output());
  expect(isAlive(child)).toBe(true);
  await workspace.close();
  await expect.poll(() => isAlive(child)).toBe(false);
  expect(process?.stopped()).toBe(true);
});
