// A program without a protocol as a runtime, beyond what every runtime promises.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTerminalRuntime } from "../../../src/runtimes/terminal/terminal-runtime.ts";
import { ofType } from "../../support/events.ts";
import { startSession, talk } from "../../support/runtime-session.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { type TerminalAct, terminalAgent } from "../../support/terminal-agent.ts";

function runtimeOf(command: string, args: string[], idleTimeoutSeconds = 20) {
  let ids = 0;
  return createTerminalRuntime({
    name: "scripted",
    command,
    args,
    env: { PATH: process.env.PATH ?? "", HOME: "/tmp", LANG: "C.UTF-8" },
    idleTimeoutSeconds,
    releaseSeconds: 60,
    newId: () => `id-${++ids}`,
    now: Date.now,
  });
}

async function open(turns: TerminalAct[], look?: { first?: string; sign?: string }) {
  const { command, args, typed } = await terminalAgent(await temporaryFolder(), turns, look);
  const session = await startSession(runtimeOf(command, args), await temporaryFolder());
  const lines = async (): Promise<string[]> =>
    (await readFile(typed, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  return Object.assign(session, { typed: lines });
}

test("it says what it can and cannot do, and once that only the screen is seen", async () => {
  await using session = await open([{ print: "One.\n" }, { print: "Two.\n" }]);
  expect(session.capabilities).toMatchObject({
    streaming: true,
    tools: false,
    approvals: false,
    thinking: false,
    cost: false,
  });
  await session.ask("1");
  await session.ask("2");
  const notices = ofType(session.events, "notice").filter(({ code }) => code === "runtime.screen");
  expect(notices).toHaveLength(1);
  expect(notices[0]?.message).toContain("only the screen is seen");
});

test("colours and cursor movements are no part of an answer, a line that is drawn over counts as it ended", async () => {
  await using session = await open([
    { print: "\x1b[31mred\x1b[0m and \x1b]0;title\x07plain\nprogress 1%\rprogress 100%\nend\n" },
  ]);
  await session.ask("go");
  expect(talk(session.messages()).at(-1)).toBe("assistant: red and plain\nprogress 100%\nend");
});

test("an answer longer than the screen is whole", async () => {
  const lines = Array.from({ length: 500 }, (_, index) => `line ${index}`);
  await using session = await open([{ print: `${lines.join("\n")}\n` }]);
  await session.ask("count");
  expect(talk(session.messages()).at(-1)).toBe(`assistant: ${lines.join("\n")}`);
});

test("a program that is silent for a while is waited for, since it does not read", async () => {
  await using session = await open([{ print: "Late.\n", afterMs: 3_000 }]);
  await session.ask("go");
  expect(talk(session.messages()).at(-1)).toBe("assistant: Late.");
});

test("several lines are typed as one where the program takes no pastes", async () => {
  await using session = await open([{ print: "Ok.\n" }]);
  await session.ask("first\nsecond");
  expect(await session.typed()).toEqual(["first second"]);
  expect(talk(session.messages()).at(-1)).toBe("assistant: Ok.");
});

test("the next agent's talk is told to it in front of the prompt, where one line holds it", async () => {
  const { command, args, typed } = await terminalAgent(await temporaryFolder(), [{ print: "Ok.\n" }]);
  const history = [
    {
      id: "a",
      message: { role: "user" as const, content: [{ type: "text" as const, text: "the secret is 42" }] },
    },
  ];
  await using session = await startSession(runtimeOf(command, args), await temporaryFolder(), { history });
  await session.ask("what was it?");
  const [line] = (await readFile(typed, "utf8")).split("\n");
  expect(line).toContain("the secret is 42");
  expect(line).toContain("what was it?");
});

test("one that ends in the middle is told with its last words, and started again for the next prompt", async () => {
  await using session = await open([{ print: "thinking\nout of memory\n", exit: 9 }, { print: "Back.\n" }]);
  await session.ask("go");
  const end = ofType(session.events, "run_end")[0];
  expect(end).toMatchObject({ outcome: "failed", error: { code: "runtime.crashed" } });
  expect(end?.error?.hint).toContain("out of memory");
  expect(talk(session.messages()).at(-1)).toContain("out of memory");
  await session.ask("again");
  expect(talk(session.messages()).at(-1)).toBe("assistant: Back.");
});

test("one that does not heed an interrupt is ended, and the partial is kept", async () => {
  await using session = await open([{ print: "Busy", ignore: true }, { print: "Anew.\n" }]);
  const done = session.ask("go");
  await session.nth("message_update");
  session.send({ type: "interrupt" });
  await done;
  expect(ofType(session.events, "run_end")[0]?.outcome).toBe("interrupted");
  expect(talk(session.messages()).at(-1)).toBe("assistant: Busy");
  await session.ask("again");
  expect(talk(session.messages()).at(-1)).toBe("assistant: Anew.");
});

test.for([
  { name: "is not there", command: "no-such-program", words: "There is no program" },
  { name: "ends at once", command: "true", words: "ended at once" },
])("a program that $name is refused at its start", async ({ command, words }) => {
  const starting = startSession(runtimeOf(command, []), await temporaryFolder());
  await expect(starting).rejects.toMatchObject({
    code: "runtime.start",
    message: expect.stringContaining(words),
  });
});

test("one that never waits for input is refused when its time is over", async () => {
  const starting = startSession(
    runtimeOf("sh", ["-c", "while :; do echo busy; sleep 0.1; done"], 2),
    await temporaryFolder(),
  );
  await expect(starting).rejects.toMatchObject({
    code: "runtime.start",
    hint: expect.stringContaining("busy"),
  });
});

test("a shell with line editing takes a prompt as a paste", async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, "note.txt"), "hidden treasure\n");
  const runtime = runtimeOf("bash", ["--norc", "--noprofile", "-i"]);
  await using session = await startSession(runtime, cwd);
  await session.ask("cat note.txt; seq 1 3");
  expect(talk(session.messages()).at(-1)).toBe("assistant: hidden treasure\n1\n2\n3");
  await session.ask("exit 0");
  expect(ofType(session.events, "run_end").at(-1)).toMatchObject({
    outcome: "failed",
    error: { code: "runtime.crashed" },
  });
});
