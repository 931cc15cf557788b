// Every agent that is known by name, found on the PATH as the program that it is, without a word in the settings (SPEC,
// section 8): the built program in a pseudo-terminal and one-shot, and scripted twins that speak the real protocols.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { askToRun as askCodex, say } from "../runtimes/codex/harness.ts";
import { acpAgent } from "../support/acp-agent.ts";
import { claudeAgent } from "../support/claude-agent.ts";
import { codexAgent } from "../support/codex-agent.ts";
import { newPlace, type Place, runHearth } from "../support/hearth.ts";
import { piAgent } from "../support/pi-agent.ts";
import { withStub } from "../support/stub.ts";
import { askToRun } from "./external-agent.ts";
import { bodyOf, pointedAt, sessionFile, sessionLines, textsOf } from "./scripted.ts";
import { elapse, openTui } from "./tui-driver.ts";

const COMMAND = "npm test";
const OUTPUT = "41 passed";
const ANSWER = "The tests pass, says the agent.";

type Twin = { command: string; args: string[]; told: () => { pid: number }[] };

/** Each asks for the command, tells its output when it may run it, and then answers. */
const acp = (folder: string): Twin =>
  acpAgent(folder, { turns: [[askToRun(COMMAND, OUTPUT), { do: "say", text: ANSWER }]] });

const codex = (folder: string): Twin =>
  codexAgent(folder, { turns: [[...askCodex("call-1", COMMAND, OUTPUT), say(ANSWER)]] });

function claude(folder: string): Twin {
  const call = { id: "call-1", name: "Bash", input: { command: COMMAND } };
  const allowed = [{ do: "result" as const, id: call.id, text: OUTPUT }];
  return claudeAgent(folder, {
    turns: [
      [
        { do: "ask", ...call, allowed },
        { do: "say", text: ANSWER },
      ],
    ],
  });
}

function pi(folder: string): Twin {
  const call = { do: "call" as const, tool: "bash", args: { command: COMMAND }, output: OUTPUT };
  return piAgent(folder, { turns: [[call, { do: "say", text: ANSWER }]] });
}

const AGENTS = [
  { runtime: "codex", program: "codex", twin: codex },
  { runtime: "claude-code", program: "claude", twin: claude },
  { runtime: "pi", program: "pi", twin: pi },
  { runtime: "gemini", program: "gemini", twin: acp },
  { runtime: "opencode", program: "opencode", twin: acp },
];

/** A place on whose PATH the twin is what is started by that name. */
async function placeWith({ program, twin }: (typeof AGENTS)[number]) {
  const place = await newPlace();
  const [bin, folder] = [join(place.home, "bin"), join(place.home, "twin")];
  await Promise.all([mkdir(bin), mkdir(folder)]);
  const agent = twin(folder);
  const words = [agent.command, ...agent.args].map((word) => `'${word}'`).join(" ");
  const lines = [`#!/bin/sh`, `[ "$1" = --version ] && echo 99.0.0 && exit`, `exec ${words} "$@"`];
  await writeFile(join(bin, program), `${lines.join("\n")}\n`, { mode: 0o755 });
  const env = { ...place.env, PATH: `${bin}:${place.env.PATH ?? ""}` };
  return { place: { ...place, env }, agent };
}

type RecordedMessage = { role: string; runtime?: string; content: { text?: string }[] };

/** The messages of the session with words in them, as `role runtime text`; only external agents' have a runtime. */
async function recorded(place: Place): Promise<string[]> {
  const lines = await sessionLines(await sessionFile(place));
  const messages = lines.flatMap(({ type, message }) => (type === "message" ? [message] : []));
  return (messages as RecordedMessage[])
    .map(({ role, runtime, content }) => [role, runtime, content.map(({ text = "" }) => text).join("")])
    .filter(([, , text]) => text !== "")
    .map((parts) => parts.filter((part) => part !== undefined).join(" "));
}

async function gone({ told }: Twin): Promise<void> {
  const isThere = ({ pid }: { pid: number }) => {
    try {
      return process.kill(pid, 0);
    } catch {
      // ESRCH: it is gone.
      return false;
    }
  };
  while (told().some(isThere)) await elapse(20);
}

test.for(AGENTS)(
  "A-134, A-143: $program on the PATH takes the turns after /runtime activate $runtime, asks, and is history for native",
  async (row) => {
    const { place, agent } = await placeWith(row);
    const tui = await openTui(["native has the word"], { place, env: place.env });
    tui.enter(`/runtime activate ${row.runtime}`);
    await tui.waitFor(`${row.runtime} takes the next turn`);
    tui.enter("do the tests pass?");
    await tui.waitFor(/bash wants to run[\s\S]*npm test/);
    await tui.waitForStatus("asking you");
    tui.type("y");
    await tui.waitFor(ANSWER);
    await tui.waitForStatus("idle");
    expect(tui.screen().join("\n")).toContain("✓ bash  npm test");
    expect(tui.stub.requests).toHaveLength(0);

    tui.enter("/runtime deactivate");
    await tui.waitFor("native takes the next turn");
    tui.enter("what did it say?");
    await tui.waitFor("native has the word");
    await tui.waitForStatus("idle");
    expect(tui.stub.requests).toHaveLength(1);
    const [request] = tui.stub.requests;
    expect(textsOf(request, "user")).toEqual(["do the tests pass?", "what did it say?"]);
    expect(textsOf(request, "assistant")).toEqual([ANSWER]);
    expect(JSON.stringify(bodyOf(request).messages)).toContain(OUTPUT);

    tui.enter("/exit");
    await tui.left(0);
    expect(await recorded(place)).toEqual([
      "user do the tests pass?",
      `tool_result ${OUTPUT}`,
      `assistant ${row.runtime} ${ANSWER}`,
      "user what did it say?",
      "assistant native has the word",
    ]);
    await gone(agent);
  },
);

test.for(AGENTS)("A-134: one-shot, --runtime $runtime starts $program from the PATH", async (row) => {
  const { place, agent } = await placeWith(row);
  await using stub = await withStub(["native must not answer"]);
  const args = ["-p", "do the tests pass?", "--runtime", row.runtime, "--allow", `bash(${COMMAND})`];
  const { stdout, stderr, exitCode } = await runHearth(pointedAt(place, stub), [...args, "-o", "json"]);
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    result: ANSWER,
    runtime: row.runtime,
    outcome: "completed",
  });
  expect(stub.requests).toHaveLength(0);
  expect((await recorded(place)).at(-1)).toBe(`assistant ${row.runtime} ${ANSWER}`);
  await gone(agent);
});
