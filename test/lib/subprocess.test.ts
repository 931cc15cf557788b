import { expect, test } from "vitest";
import { groupAlive } from "../../src/lib/process-group.ts";
import { runProcess, startProcess } from "../../src/lib/subprocess.ts";

const where = { cwd: "/", env: { PATH: process.env.PATH ?? "" } };

test("stdout and stderr are told apart, and the end has code or signal", async () => {
  const heard: [string, string][] = [];
  const onOutput = (text: string, stream: string) => heard.push([stream, text]);
  const running = await startProcess("sh", ["-c", "echo out; echo err >&2; exit 7"], { ...where, onOutput });
  expect(await running.exited).toEqual({ exitCode: 7, signal: null });
  expect(heard.sort()).toEqual([
    ["stderr", "err\n"],
    ["stdout", "out\n"],
  ]);
});

test("all of a long output has arrived when the process is over", async () => {
  let length = 0;
  const end = await runProcess("sh", ["-c", "yes 0123456 | head -c 5000000"], {
    ...where,
    onOutput: (text) => {
      length += text.length;
    },
    signal: new AbortController().signal,
  });
  expect(end).toMatchObject({ exitCode: 0, timedOut: false, aborted: false, groupLeft: null });
  expect(length).toBe(5_000_000);
});

test("stop ends the whole group", async () => {
  const running = await startProcess("sh", ["-c", "sleep 100 & sleep 100"], where);
  expect(groupAlive(running.pid)).toBe(true);
  await running.stop();
  expect(groupAlive(running.pid)).toBe(false);
  await running.stop();
});

test("a program that cannot be started is an error at once", async () => {
  await expect(startProcess("/no/such/program", [], where)).rejects.toMatchObject({ code: "process.start" });
  const noFolder = startProcess("sh", ["-c", "true"], { ...where, cwd: "/no/such/folder" });
  await expect(noFolder).rejects.toMatchObject({ code: "process.start" });
});

test.each([
  ["longer than the system takes", "x".repeat(10_000_000)],
  ["with a NUL in it", "a\0b"],
])("an argument %s is an error at once", async (_, argument) => {
  await expect(startProcess("true", [argument], where)).rejects.toMatchObject({ code: "process.start" });
});

test("input that the program does not read does no harm", async () => {
  const running = await startProcess("true", [], { ...where, stdin: "x".repeat(1_000_000) });
  expect((await running.exited).exitCode).toBe(0);
});

test("what a program leaves running ends with us, unless it is to outlive us", async () => {
  const module = new URL("../../src/lib/subprocess.ts", import.meta.url).href;
  for (const outlives of [true, false]) {
    // A program of its own: it is the end of ours that counts.
    const script = `
      import { runProcess } from ${JSON.stringify(module)};
      const options = { cwd: "/", env: { PATH: process.env.PATH }, outlives: ${outlives}, signal: new AbortController().signal };
      await runProcess("sh", ["-c", "sleep 60 > /dev/null 2>&1 & echo $$"], { ...options, onOutput: (text) => console.log(text) });`;
    let group = 0;
    const end = await runProcess(process.execPath, ["--input-type=module", "-e", script], {
      ...where,
      onOutput: (text, stream) => {
        if (stream === "stdout") group ||= Number(text);
      },
      signal: new AbortController().signal,
    });
    expect(end.exitCode).toBe(0);
    await expect.poll(() => groupAlive(group)).toBe(outlives);
    if (outlives) process.kill(-group);
  }
});

test("bytes for standard input arrive as they are", async () => {
  let heard = "";
  await runProcess("sh", ["-c", "od -An -tx1 | tr -d ' '"], {
    ...where,
    stdin: Buffer.from([0xff, 0xfe, 0x41, 0x00]),
    onOutput: (text) => {
      heard += text;
    },
    signal: new AbortController().signal,
  });
  expect(heard.trim()).toBe("fffe4100");
});
