// Scenarios: one program, several terminals.
import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { KEY } from "../support/terminal.ts";
import { newMux, programRows } from "./mux-driver.ts";
import { expectPlainModes } from "./terminal-modes.ts";

const BASH = ["bash", "--norc", "--noprofile"];

test("A-147: two clients see the same, the late one gets the scrollback, one leaves and the rest goes on", async () => {
  const mux = await newMux();
  await mux.start("generic", ...BASH);
  const first = await mux.attach("generic");
  await first.waitFor("$");
  first.type("seq 1 100\r");
  await first.waitFor(/\n100\n\$/);
  const second = await mux.attach("generic");
  await second.waitFor(/\n100\n\$/);
  const numbers = Array.from({ length: 100 }, (_, index) => String(index + 1));
  expect(second.transcript().filter((line) => /^\d+$/.test(line))).toEqual(numbers);
  second.type("echo from the sec''ond\r");
  await first.waitFor("from the second");
  await second.waitFor("from the second");
  await expect.poll(() => programRows(second)).toEqual(programRows(first));
  expect(second.screen().at(-1)).toContain("2 clients");

  second.type(KEY.ctrl("\\"));
  expect((await second.exited).exitCode).toBe(0);
  expect(second.transcript().join("\n")).toContain("Detached from generic; it goes on.");
  expectPlainModes(second.bytes());
  first.type("echo still $((40 + 2))\r");
  await first.waitFor("still 42");
  expect(await mux.listed("generic")).toMatchObject({
    state: expect.not.stringContaining("exited"),
    clients: [{}],
  });
});

test("A-148: active with output, idle after two seconds without, listed with its status after the end", async () => {
  const mux = await newMux();
  await mux.start(
    "job",
    "sh",
    "-c",
    "while [ ! -e quiet ]; do echo tick; sleep 0.2; done; while [ ! -e end ]; do sleep 0.1; done; exit 3",
  );
  await mux.attach("job");
  expect((await mux.listed("job")).state).toBe("active");
  await writeFile(`${mux.place.cwd}/quiet`, "");
  await mux.ok("wait", "job", "--state", "idle", "--timeout", "20");
  expect((await mux.listed("job")).state).toBe("idle");
  expect(await mux.ok("list")).toMatch(/^job +idle +/m);
  await writeFile(`${mux.place.cwd}/end`, "");
  await mux.ok("wait", "job", "--timeout", "20");
  expect(await mux.listed("job")).toMatchObject({ state: "exited", exitCode: 3 });
  expect(await mux.ok("list")).toMatch(/^job +exited, status 3 +/m);
  expect((await mux.lines("job"))[0]).toBe("tick");
  await mux.ok("rm", "job");
  expect(await mux.ok("list", "--json")).toBe("[]\n");
});

test("A-149: while it is paused input is refused with a message, and the program goes on printing", async () => {
  const mux = await newMux();
  await mux.start("clock", "sh", "-c", "n=0; while :; do n=$((n+1)); echo line $n; sleep 0.1; done");
  const client = await mux.attach("clock");
  await client.waitFor("line 2");
  await mux.ok("pause", "clock");
  await client.waitFor("paused: no input");
  client.type("hello");
  await client.waitFor("clock is paused: it takes no input.");
  const sent = await mux.run("send", "clock", "text");
  expect(sent).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("clock is paused") });
  expect(sent.stderr).toContain("hint: `hearth mux resume clock`");
  const seen = Number((await mux.lines("clock")).at(-1)?.split(" ")[1]);
  await client.waitFor(`line ${seen + 5}`);
  expect((await mux.lines("clock")).join("\n")).not.toContain("hello");
  await mux.ok("resume", "clock");
  client.type("hello");
  await client.waitFor("hello");
});

test("who waits for input is told from who works in silence", async () => {
  const mux = await newMux();
  await mux.start("shell", ...BASH);
  await mux.ok("wait", "shell", "--state", "waiting", "--timeout", "20");
  expect(await mux.ok("list")).toMatch(/^shell +idle, waits for input +/m);
  await mux.ok("send", "shell", "sleep 1000", "--enter");
  await mux.ok("wait", "shell", "--state", "idle", "--timeout", "20");
  expect((await mux.listed("shell")).state).toBe("idle");
  await mux.ok("send", "shell", "--key", "ctrl+c");
  await mux.ok("wait", "shell", "--state", "waiting", "--timeout", "20");
  const late = await mux.run("wait", "shell", "--timeout", "1");
  expect(late).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("is still waiting after 1 s"),
  });
});

test("the smallest client decides the size; who has more room sees all of it, who leaves gives the room back", async () => {
  const mux = await newMux();
  await mux.start(
    "size",
    "sh",
    "-c",
    "trap 'clear; stty size; echo here' WINCH; stty size; while :; do read x; done",
  );
  const large = await mux.attach("size", { columns: 120, rows: 40 });
  await large.waitFor(/^39 120\nhere/);
  const small = await mux.attach("size", { columns: 50, rows: 10 });
  await small.waitFor(/^9 50\nhere/);
  await large.waitFor(/^9 50\nhere/);
  expect(large.screen().at(-1)).toContain("50x9");
  small.resize(30, 8);
  await large.waitFor(/^7 30\nhere/);
  await small.waitFor(/^7 30\nhere/);
  await mux.ok("detach", "size", "c2");
  expect((await small.exited).exitCode).toBe(0);
  await large.waitFor(/^39 120\nhere/);
  await mux.ok("resize", "size", "200x50");
  await expect.poll(() => mux.listed("size")).toMatchObject({ columns: 200, rows: 50 });
});

test("a full-screen program looks the same in both terminals and leaves what was there before", async () => {
  const mux = await newMux();
  await mux.start("pager", ...BASH);
  const first = await mux.attach("pager");
  await first.waitFor("$");
  first.type("echo before; seq 1 500 | less\r");
  await first.waitFor(/^1\n2\n/);
  const second = await mux.attach("pager");
  await second.waitFor(/^1\n2\n/);
  second.type(" ");
  await first.waitFor(/^23\n24\n/);
  await expect.poll(() => programRows(second)).toEqual(programRows(first));
  first.type("q");
  await first.waitFor(/before\n\$/);
  await second.waitFor(/before\n\$/);
  expect(first.transcript().join("\n")).not.toContain("\n23\n24\n");
});
