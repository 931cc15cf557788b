// A program that answers prompts, as a real process: how it gets the prompt, what becomes of what it prints, its end.
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { groupAlive } from "../../../src/lib/process-group.ts";
import { createCommandRuntime } from "../../../src/runtimes/command/command-runtime.ts";
import type { CommandOptions } from "../../../src/runtimes/command/command-session.ts";
import type { HistoryEntry } from "../../../src/runtimes/runtime.ts";
import { type AnswererTurn, answerer } from "../../support/answerer.ts";
import { ofType } from "../../support/events.ts";
import { startSession, talk } from "../../support/runtime-session.ts";
import { answer } from "../../support/session-entries.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

async function prepare(
  turns: AnswererTurn[],
  { more = [], ...rest }: Partial<CommandOptions> & { more?: string[] } = {},
) {
  const cwd = await temporaryFolder();
  const program = answerer(await temporaryFolder(), turns);
  let ids = 0;
  const runtime = createCommandRuntime({
    name: "tiny",
    command: program.command,
    args: [...program.args, ...more],
    env: { PATH: process.env.PATH ?? "" },
    timeoutSeconds: 30,
    history: true,
    newId: () => `id-${++ids}`,
    now: Date.now,
    ...rest,
  });
  return { cwd, program, start: (settings = {}) => startSession(runtime, cwd, settings), runtime };
}

const end = (session: { events: Parameters<typeof ofType>[0] }) => ofType(session.events, "run_end").at(-1);
const BEFORE: HistoryEntry[] = [
  { id: "1", message: { role: "user", content: [{ type: "text", text: "the colour?" }] } },
  { id: "2", message: answer("It is green.") },
];

/** Of the program and all that it started. */
function isRunning(program: ReturnType<typeof answerer>): boolean {
  const [given] = program.given();
  if (!given) throw new Error("It was not started.");
  return groupAlive(given.pid);
}

describe("the prompt", () => {
  const hard = `say "it's" \`id\`\n$(touch x) $HOME %s \\n ${"é".repeat(3)} $& $1 {prompt} --flag`;

  it("is one argument, byte for byte, and no shell reads it (A-141)", async () => {
    const { cwd, program, start } = await prepare([], { more: ["exec", "{prompt}"] });
    await using session = await start();
    await session.ask(hard);
    expect(program.given()).toMatchObject([{ args: ["exec", hard], input: "" }]);
    expect(existsSync(join(cwd, "x"))).toBe(false);
  });

  it("stands inside an argument where the placeholder does", async () => {
    const { program, start } = await prepare([], { more: ["--ask={prompt}"] });
    await using session = await start();
    await session.ask("$& why?");
    expect(program.given()[0]?.args).toEqual(["--ask=$& why?"]);
  });

  it("comes on standard input where no argument has a place for it (A-142)", async () => {
    const { program, start } = await prepare([], { more: ["exec"] });
    await using session = await start();
    await session.ask(hard);
    expect(program.given()).toMatchObject([{ args: ["exec"], input: hard }]);
  });

  it.for([
    {
      what: "a NUL",
      text: "a\0b",
      message: "tiny takes the prompt as an argument, which cannot hold a NUL.",
    },
    {
      what: "more than an argument holds",
      text: "x".repeat(600_000),
      message: "tiny takes the prompt as an argument, and 586 KB are too long for one.",
    },
  ])("with $what is refused as an argument in a sentence", async ({ text, message }) => {
    const { program, start } = await prepare([], { more: ["{prompt}"] });
    await using session = await start();
    await session.ask(text);
    expect(end(session)).toMatchObject({ outcome: "failed", error: { code: "runtime.prompt", message } });
    expect(end(session)?.error?.hint).toContain("standard input");
    expect(program.given()).toEqual([]);
  });

  it("may be of any length on standard input", async () => {
    const { program, start } = await prepare([]);
    await using session = await start();
    const text = "x".repeat(600_000);
    await session.ask(text);
    expect(program.given()[0]?.input).toBe(text);
  });

  it("comes after the conversation so far at every turn, since the program remembers nothing", async () => {
    const { program, start } = await prepare([{ say: ["Blue."] }]);
    await using session = await start({ history: BEFORE });
    await session.ask("and now?");
    await session.ask("sure?");
    const [first, second] = program.given().map(({ input }) => input);
    expect(first).toMatch(
      /^<conversation-so-far>[\s\S]*the colour\?[\s\S]*It is green\.[\s\S]*\n\nand now\?$/,
    );
    expect(second).toMatch(/the colour\?[\s\S]*and now\?[\s\S]*Blue\.[\s\S]*\n\nsure\?$/);
  });

  it("comes alone where the settings say so, and where an argument has no room for more", async () => {
    const alone = await prepare([], { history: false });
    await using told = await alone.start({ history: BEFORE });
    await told.ask("and now?");
    expect(alone.program.given()[0]?.input).toBe("and now?");
    const tight = await prepare([], { more: ["{prompt}"] });
    await using session = await tight.start({ history: BEFORE });
    const long = "x".repeat(130_900);
    await session.ask(long);
    expect(tight.program.given()[0]?.args).toEqual([long]);
    expect(ofType(session.events, "notice").map(({ code }) => code)).toEqual(["runtime.history"]);
  });
});

describe("what it prints", () => {
  it("streams as it comes, without the line end at its end, colours and cursor jumps", async () => {
    const bytes = Buffer.from("\x1b[1mBo\x1b[0mld — 😀\x1b]0;title\x07\r\n\n").toString("latin1");
    const { start } = await prepare([{ say: ["\n\n", bytes.slice(0, 15), bytes.slice(15)] }]);
    await using session = await start();
    await session.ask("hi");
    expect(talk(session.messages())).toEqual(["user: hi", "assistant: Bold — 😀"]);
    const pieces = ofType(session.events, "message_update").map(({ delta }) =>
      "text" in delta ? delta.text : "",
    );
    expect(pieces.join("")).toBe("Bold — 😀");
    expect(session.messages().at(-1)).toMatchObject({ runtime: "tiny", stopReason: "stop" });
  });

  it("may be no UTF-8: what cannot be read is marked", async () => {
    const { start } = await prepare([{ say: ["a\xff\xfeb"] }]);
    await using session = await start();
    await session.ask("hi");
    expect(talk(session.messages()).at(-1)).toBe("assistant: a\ufffd\ufffdb");
  });

  it("is cut where it never stops, and its program ended", async () => {
    const { program, start } = await prepare([{ say: ["y".repeat(3_000_000)], hold: true }]);
    await using session = await start();
    await session.ask("hi");
    expect(end(session)?.outcome).toBe("completed");
    const message = session.messages().at(-1);
    expect(message).toMatchObject({ role: "assistant", stopReason: "length" });
    expect(talk(session.messages()).at(-1)?.length).toBeLessThan(1_000_100);
    expect(ofType(session.events, "notice").map(({ code }) => code)).toEqual(["runtime.output"]);
    expect(isRunning(program)).toBe(false);
  });

  it("stays where the program fails then, with its last words", async () => {
    const { start } = await prepare([
      { say: ["Half an"], complain: "\x1b[31mout of paper\x1b[0m\n", exit: 3 },
    ]);
    await using session = await start();
    await session.ask("hi");
    expect(talk(session.messages()).at(-1)).toBe("assistant: Half an");
    expect(session.messages().at(-1)).toMatchObject({ stopReason: "error" });
    expect(end(session)).toMatchObject({
      outcome: "failed",
      error: { code: "runtime.failed", message: "tiny exited with 3: out of paper" },
    });
  });

  it("is missed where there is nothing of it", async () => {
    const { start } = await prepare([{ say: ["\n \n"], complain: "one\ntwo" }]);
    await using session = await start();
    await session.ask("hi");
    expect(end(session)).toMatchObject({
      outcome: "failed",
      error: { message: "tiny answered nothing.", hint: "It last said: one\ntwo" },
    });
  });
});

describe("its end", () => {
  it("comes at its time limit with everything it started (A-140)", async () => {
    const { program, start } = await prepare([{ say: ["Thinking"], hold: "stubborn", child: true }], {
      timeoutSeconds: 1,
    });
    await using session = await start();
    await session.ask("hi");
    expect(end(session)).toMatchObject({ outcome: "failed", error: { code: "runtime.timeout" } });
    expect(end(session)?.error?.message).toBe("tiny was not done within 1 s, so it was ended.");
    expect(isRunning(program)).toBe(false);
  });

  it("comes within 3 s of an interrupt, also where it does not heed it, and the partial stays (A-146)", async () => {
    const { program, start } = await prepare([{ say: ["Half an"], hold: "stubborn", child: true }]);
    await using session = await start();
    const done = session.ask("hi");
    await session.nth("message_update");
    session.send({ type: "interrupt" });
    await done;
    expect(end(session)?.outcome).toBe("interrupted");
    expect(talk(session.messages()).at(-1)).toBe("assistant: Half an");
    expect(session.messages().at(-1)).toMatchObject({ stopReason: "aborted" });
    expect(isRunning(program)).toBe(false);
  });

  it("takes what it left running with it", async () => {
    const { program, start } = await prepare([{ say: ["Done."], child: true }]);
    await using session = await start();
    await session.ask("hi");
    expect(end(session)?.outcome).toBe("completed");
    expect(isRunning(program)).toBe(false);
  });
});

it("is a failure in a sentence where the program is missing, and its check says so before", async () => {
  const { runtime, start } = await prepare([], { command: "no-such-answerer" });
  expect(await runtime.check(AbortSignal.timeout(5_000))).toMatchObject({
    available: false,
    reason: "no-such-answerer was not found on the PATH",
  });
  await using session = await start();
  await session.ask("hi");
  expect(end(session)).toMatchObject({
    outcome: "failed",
    error: { code: "runtime.start", message: "tiny could not be started: no-such-answerer does not run." },
  });
});

it("works in the workspace, with the environment that it was given and no other", async () => {
  const { cwd, start } = await prepare([], {
    command: "/bin/sh",
    args: [],
    env: { PATH: "/bin:/usr/bin", ONLY: "this" },
  });
  await writeFile(join(cwd, "here"), "");
  await using session = await start();
  await session.ask("ls; env | grep -v '^\\(PWD\\|OLDPWD\\|SHLVL\\|_\\)='");
  expect(talk(session.messages()).at(-1)?.split("\n").sort()).toEqual([
    "ONLY=this",
    "PATH=/bin:/usr/bin",
    "assistant: here",
  ]);
});

it("says once that steering waits for the end of its turn, and leaves its model alone", async () => {
  const { start, program } = await prepare([{ say: ["At work"], hold: true }, { say: ["Tabs."] }]);
  await using session = await start();
  const done = session.ask("go");
  await session.nth("message_update");
  session.send({ type: "steer", text: "use tabs" });
  session.send({ type: "set_model", model: "other" });
  session.send({ type: "steer", text: "please", now: true });
  await done;
  const codes = ofType(session.events, "notice").map(({ code }) => code);
  expect(codes).toEqual(["runtime.steer", "runtime.choice"]);
  expect(program.given()[1]?.input).toMatch(/go[\s\S]*At work[\s\S]*\n\nuse tabs\n\nplease$/);
});
