// Who takes a turn (SPEC, section 8): answerers, fallback to native and what it leaves behind, through the built program
// with real programs that answer or fail.
import { appendFile, chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { groupAlive } from "../../src/lib/process-group.ts";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { type AnswererTurn, answerer } from "../support/answerer.ts";
import { newPlace, type Outcome, type Place, runHearth } from "../support/hearth.ts";
import { type TestStub, withStub } from "../support/stub.ts";
import { KEY } from "../support/terminal.ts";
import { preferences } from "./external-agent.ts";
import { pointedAt, sessionFile, sessionLines } from "./scripted.ts";
import { openTui, writeSettings } from "./tui-driver.ts";

type Tiny = { place: Place; program: ReturnType<typeof answerer>; bin: string };

/** A place where `tiny` on the PATH answers as the turns say; `args` stand behind the program's own. */
async function newTiny(turns: AnswererTurn[], settings: object = {}, args: string[] = []): Promise<Tiny> {
  const place = await newPlace();
  const bin = join(place.home, "bin");
  await mkdir(bin);
  const program = answerer(bin, turns);
  const words = [program.command, ...program.args].map((word) => `'${word}'`).join(" ");
  await writeFile(join(bin, "tiny"), `#!/bin/sh\nexec ${words} "$@"\n`);
  await chmod(join(bin, "tiny"), 0o755);
  await writeSettings(place, { runtimes: { tiny: { kind: "command", command: "tiny", args, ...settings } } });
  const env = { ...place.env, PATH: `${bin}:${place.env.PATH ?? ""}` };
  return { place: { ...place, env }, program, bin };
}

async function oneShot(
  { place }: Pick<Tiny, "place">,
  prompt: string,
  { stub, flags = [] }: { stub: TestStub; flags?: string[] },
): Promise<Outcome & { json: Record<string, unknown> }> {
  const args = ["-p", prompt, "--runtime", "tiny", "-o", "json", ...flags];
  const run = await runHearth(pointedAt(place, stub), args);
  return { ...run, json: JSON.parse(run.stdout) };
}

async function routes({ place }: Pick<Tiny, "place">): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(place.env.HEARTH_HOME ?? "", "audit.jsonl"), "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines
    .map((line): Record<string, unknown> => JSON.parse(line))
    .filter(({ kind }) => kind === "route");
}

async function messages({ place }: Pick<Tiny, "place">): Promise<unknown[]> {
  const lines = await sessionLines(await sessionFile(place));
  return lines.flatMap(({ type, message }) => (type === "message" ? [message] : []));
}

describe("one-shot", () => {
  test("an answerer gets the prompt as one argument, byte for byte, and its answer is the result (A-141)", async () => {
    const tiny = await newTiny([{ say: ["from tiny\n"] }], {}, ["exec", "{prompt}"]);
    await using stub = await withStub([]);
    const prompt = 'say "it\'s" so\n$(touch x) `touch y`; *';
    const run = await oneShot(tiny, prompt, { stub });
    expect(run.json).toMatchObject({
      result: "from tiny",
      outcome: "completed",
      runtime: "tiny",
      cost: null,
    });
    expect(tiny.program.given()).toMatchObject([{ args: ["exec", prompt], input: "" }]);
    expect(stub.requests).toHaveLength(0);
    expect(await routes(tiny)).toMatchObject([{ runtime: "tiny", reason: "flag", outcome: "completed" }]);
    expect(await preferences(tiny.place)).toBeNull();
  });

  test("and on standard input where no argument has a place for it (A-142)", async () => {
    const tiny = await newTiny([{ say: ["from tiny\n"] }], {}, ["exec"]);
    await using stub = await withStub([]);
    expect((await oneShot(tiny, "who are\nyou?", { stub })).json.result).toBe("from tiny");
    expect(tiny.program.given()).toMatchObject([{ args: ["exec"], input: "who are\nyou?" }]);
  });

  test("a turn that needs tools is native's, with the reason (A-138)", async () => {
    const tiny = await newTiny([]);
    await using stub = await withStub(["from the model"]);
    const run = await oneShot(tiny, "edit README.md to add X", { stub });
    expect(run.json).toMatchObject({ result: "from the model", runtime: "native" });
    expect(run.stderr).toContain("This turn needs tools (edit ... README.md), so native takes this turn");
    expect(tiny.program.given()).toEqual([]);
    const needs = { runtime: "native", reason: "needs_tools", from: "tiny", detail: "edit ... README.md" };
    expect(await routes(tiny)).toMatchObject([needs]);
  });

  test("a program that exits 1 leaves the turn to native; notice and audit name it (A-139)", async () => {
    const tiny = await newTiny([{ say: ["Half an"], complain: "out of paper\n", exit: 1 }]);
    await using stub = await withStub(["from the model"]);
    const run = await oneShot(tiny, "who are you?", { stub });
    expect(run).toMatchObject({ exitCode: 0, json: { result: "from the model", runtime: "native" } });
    expect(run.stderr).toContain("tiny failed, so native takes this turn: exited with 1: out of paper");
    expect(await routes(tiny)).toMatchObject([
      { runtime: "tiny", outcome: "failed", fallback: "native", error: { code: "runtime.failed" } },
      { runtime: "native", reason: "fallback", from: "tiny", outcome: "completed" },
    ]);
    expect(await messages(tiny)).toMatchObject([
      { role: "user" },
      { role: "assistant", runtime: "tiny", stopReason: "error", content: [{ text: "Half an" }] },
      { role: "assistant", stopReason: "stop", content: [{ text: "from the model" }] },
    ]);
    const asked = JSON.stringify(stub.requests[0]?.body);
    expect(asked).toContain("who are you?");
    expect(asked).not.toContain("Half an");
  });

  test("with strict the same is an error, and the model is not asked (A-139)", async () => {
    const tiny = await newTiny([{ complain: "out of paper\n", exit: 1 }], { strict: true });
    await using stub = await withStub(["from the model"]);
    const run = await oneShot(tiny, "who are you?", { stub });
    expect(run).toMatchObject({
      exitCode: 1,
      json: {
        outcome: "failed",
        runtime: "tiny",
        error: { code: "runtime.failed", message: "tiny exited with 1: out of paper" },
      },
    });
    expect(stub.requests).toHaveLength(0);
  });

  test("beyond its time it is ended with its children, then native answers (A-140)", async () => {
    const tiny = await newTiny([{ hold: "stubborn", child: true }], { timeout: 1 });
    await using stub = await withStub(["from the model"]);
    const run = await oneShot(tiny, "who are you?", { stub });
    expect(run).toMatchObject({ exitCode: 0, json: { result: "from the model", runtime: "native" } });
    expect(run.stderr).toContain("was not done within 1 s, so it was ended");
    expect(groupAlive(tiny.program.given()[0]?.pid ?? 0)).toBe(false);
  });

  test("after it changed a file nobody else takes the turn", async () => {
    const tiny = await newTiny([]);
    const file = join(tiny.place.cwd, "notes.txt");
    await writeFile(file, "before");
    const turns: AnswererTurn[] = [{ write: { file, text: "after" }, exit: 1 }];
    await writeFile(join(tiny.bin, "answerer.json"), JSON.stringify(turns));
    await using stub = await withStub(["from the model"]);
    const run = await oneShot(tiny, "who are you?", { stub });
    expect(run).toMatchObject({ exitCode: 1, json: { outcome: "failed", runtime: "tiny" } });
    expect(stub.requests).toHaveLength(0);
    expect(await readFile(file, "utf8")).toBe("after");
  });

  test("without a model the failure stays what it was", async () => {
    const tiny = await newTiny([{ complain: "out of paper\n", exit: 1 }]);
    const run = await runHearth(tiny.place, ["-p", "who are you?", "--runtime", "tiny"]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(
      /^hearth: tiny exited with 1: out of paper\nhint: native could not take the turn either/m,
    );
  });
});

describe("on the screen", () => {
  test("answerer and native take turns in one conversation, each named, and each knows what the other said", async () => {
    const tiny = await newTiny([{ say: ["blue, says tiny"] }, { say: ["still blue"] }]);
    const tui = await openTui(["done, says the model"], { place: tiny.place, env: tiny.place.env });
    tui.enter("/runtime activate tiny");
    await tui.waitFor(/tiny takes the next turn[\s\S]*Only what it prints is seen/);
    tui.enter("which colour?");
    await tui.waitFor("blue, says tiny");
    await tui.waitForStatus("idle");
    tui.enter("edit README.md to add X");
    await tui.waitFor(
      /needs tools \(edit \.\.\. README\.md\), so native takes this turn[\s\S]*done, says the model/,
    );
    await tui.waitForStatus("idle");
    expect(tui.screen().join("\n")).toMatch(/· tiny/);
    expect(JSON.stringify(tui.stub.requests[0]?.body)).toContain("blue, says tiny");
    tui.enter("sure?");
    await tui.waitFor("still blue");
    expect(tiny.program.given()[1]?.input).toMatch(
      /blue, says tiny[\s\S]*done, says the model[\s\S]*\n\nsure\?$/,
    );
    await tui.waitForStatus("idle");
    tui.enter("/runtime status");
    await tui.waitFor(/tiny \(command\): enabled, available/);
    tui.enter("/exit");
    await tui.left(0);
  });

  test("Esc ends the program within 3 s and keeps what it said (A-146)", async () => {
    const tiny = await newTiny([
      { say: ["half an answer"], hold: "stubborn", child: true },
      { say: ["whole"] },
    ]);
    const tui = await openTui([], { place: tiny.place, env: tiny.place.env, args: ["--runtime", "tiny"] });
    tui.enter("who are you?");
    await tui.waitFor("half an answer");
    const pid = tiny.program.given()[0]?.pid ?? 0;
    expect(groupAlive(pid)).toBe(true);
    tui.type(KEY.escape);
    await expect.poll(() => groupAlive(pid), { timeout: 3_000 }).toBe(false);
    await tui.waitForStatus("idle");
    expect(tui.stub.requests).toHaveLength(0);
    expect(await messages(tiny)).toMatchObject([
      { role: "user" },
      { role: "assistant", runtime: "tiny", stopReason: "aborted", content: [{ text: "half an answer" }] },
    ]);
    tui.enter("again?");
    await tui.waitFor("whole");
  });

  test("a program that fails again and again is told with how to choose another", async () => {
    const failing: AnswererTurn = { complain: "out of paper\n", exit: 1 };
    const tiny = await newTiny([failing, failing, failing]);
    const script: ScriptInput = ["one", "two", "three"].map((text) => `${text}, says the model`);
    const tui = await openTui(script, {
      place: tiny.place,
      env: tiny.place.env,
      args: ["--runtime", "tiny"],
    });
    for (const number of ["one", "two", "three"]) {
      tui.enter(`hello ${number}`);
      await tui.waitFor(`${number}, says the model`);
      await tui.waitForStatus("idle");
    }
    await tui.waitFor(/failed 3 times in a row/);
    expect(tiny.program.given()).toHaveLength(3);
  });
});

describe("hearth audit", () => {
  test("runtimes: ten turns with two fallbacks are 20 % (A-151)", async () => {
    const failing: AnswererTurn = { exit: 1 };
    const tiny = await newTiny(
      [{}, failing, {}, {}, failing, {}, {}, {}, {}, {}].map((turn) => ({ say: ["ok"], ...turn })),
    );
    await using stub = await withStub(["from the model", "from the model"]);
    for (let turn = 0; turn < 10; turn += 1) await oneShot(tiny, `hello ${turn}`, { stub });
    const { stdout } = await runHearth(tiny.place, ["audit", "runtimes"]);
    expect(stdout).toMatch(/^runtime +turns +fallbacks +rate/);
    expect(stdout).toMatch(/^tiny +10 +2 +20 % +2 +0 +[\d.]+ s +0 +0 +-$/m);
    expect(stdout).toMatch(/^native +2 +0 +0 % +0 +0 +[\d.]+ s +\S+ +\S+ +\$0\.\d+$/m);
    const json = await runHearth(tiny.place, ["audit", "runtimes", "--json", "--since", "1h"]);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { runtime: "tiny", turns: 10, fallbacks: 2, fallbackRate: 0.2, failed: 2 },
      { runtime: "native", turns: 2, fallbacks: 0, fallbackRate: 0 },
    ]);
    const list = await runHearth(tiny.place, ["audit", "--limit", "1"]);
    expect(list.stdout).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}turn {2}tiny \(flag\): completed\n$/);
  }, 60_000);

  test("lists calls and turns, newest last, without secrets; what cannot be read is counted", async () => {
    const tiny = await newTiny([]);
    const command = "echo sk-ant-api03-abcdefghijklmnop";
    await using stub = await withStub([{ toolCalls: [{ name: "bash", arguments: { command } }] }, "done"]);
    await oneShot(tiny, "run the tests", { stub, flags: ["--permission-mode", "full"] });
    await appendFile(join(tiny.place.env.HEARTH_HOME ?? "", "audit.jsonl"), '{"torn');
    const { stdout, stderr } = await runHearth(tiny.place, ["audit"]);
    expect(stdout.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/ {2}bash {2}allowed {2}echo \[redacted: Anthropic key\] \(workspace; /),
      expect.stringMatching(/ {2}turn {2}native \(needs tools, from tiny\): completed, run \.\.\. tests$/),
    ]);
    expect(stderr).toBe("hearth: 1 line of the audit log could not be read.\n");
  });

  test("native by default is nobody's choice: its turns are no lines of their own", async () => {
    const tiny = await newTiny([]);
    await using stub = await withStub(["hello"]);
    await runHearth(pointedAt(tiny.place, stub), ["-p", "hi"]);
    expect(await routes(tiny)).toEqual([]);
    const { stdout } = await runHearth(tiny.place, ["audit", "runtimes"]);
    expect(stdout).toBe("No turn was routed yet.\n");
  });
});

test("A-152: --placement that does not go with the runtime is refused before any session", async () => {
  const place = await newPlace();
  for (const flags of [[], ["--try"]]) {
    const run = await runHearth(place, ["-p", "hi", "--placement", "agent-direct", ...flags]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(
      /agent-direct does not go with the native loop[\s\S]*Valid combinations: local with native/,
    );
  }
  await expect(readFile(join(place.env.HEARTH_HOME ?? "", "sessions"))).rejects.toThrow(/ENOENT/);
  expect((await runHearth(place, ["--placement", "local", "--version"])).exitCode).toBe(0);
});

test("doctor: an agent that nobody named may be missing, one that is declared or forced may not", async () => {
  const place = await newPlace();
  const env = { OPENAI_API_KEY: "sk-x", PATH: "/usr/bin:/bin" };
  const plain = await runHearth(place, ["doctor"], { env });
  expect(plain.stdout).toContain("ok    runtime opencode: not installed");
  expect(plain.exitCode).toBe(0);
  await writeSettings(place, { runtimes: { mine: { kind: "command", command: "no-such-program" } } });
  const declared = await runHearth(place, ["doctor"], { env });
  expect(declared.stdout).toContain("fail  runtime mine: no-such-program was not found on the PATH");
  expect(declared.exitCode).toBe(1);
});
