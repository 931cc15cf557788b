// Which agent takes the turns (SPEC, section 8): /runtime, its preference, fallback; the built program with a scripted
// external agent as a real process.
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runHearth } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { KEY } from "../support/terminal.ts";
import {
  type AgentPlace,
  agentsGone,
  livingAgents,
  newAgentPlace,
  openWithAgent,
  preferences,
  preferencesFile,
  say,
} from "./external-agent.ts";
import { pointedAt, sessionFile, sessionLines, textsOf } from "./scripted.ts";
import { openTui, startTui, type Tui } from "./tui-driver.ts";

const FROM_CODEX = { turns: [[say("from codex")]] };

/** Enters a line and waits for what it shows. */
async function enter(tui: Tui, line: string, shown: string | RegExp): Promise<void> {
  tui.enter(line);
  await tui.waitFor(shown);
}

/** Types /runtime status and gives what it shows. */
async function status(tui: Tui): Promise<string> {
  await enter(tui, "/runtime status", /Mode: [\s\S]*Effective runtime: /);
  return tui.screen().join("\n");
}

async function leave(tui: Tui): Promise<void> {
  tui.enter("/exit");
  await tui.left(0);
}

async function entries({ place }: AgentPlace, type: string) {
  const lines = await sessionLines(await sessionFile(place));
  return lines.filter((line) => line.type === type);
}

/** The messages of the session as `role runtime text`; only external agents' have a runtime. */
async function recorded(agents: AgentPlace): Promise<string[]> {
  const lines = await entries(agents, "message");
  return lines.map(({ message }) => {
    const { role, runtime, content } = message as {
      role: string;
      runtime?: string;
      content: { text?: string }[];
    };
    const texts = content.map(({ text = "" }) => text).join("");
    return [role, runtime, texts].filter((part) => part !== undefined).join(" ");
  });
}

test("A-133: /runtime status names mode, effective runtime and which are enabled and available", async () => {
  const off = { command: "node", enabled: false };
  const gone = { command: "no-such-agent" };
  const { place } = await newAgentPlace(FROM_CODEX, { others: { off, gone } });
  const tui = await openTui([], { place });
  const shown = await status(tui);
  expect(shown).toContain("Mode: config-default");
  expect(shown).toContain("Effective runtime: native");
  expect(shown).toMatch(/native \(native\): enabled, available/);
  expect(shown).toMatch(/codex \(acp\): enabled, available/);
  expect(shown).toMatch(/off \(acp\): disabled, available/);
  expect(shown).toMatch(/gone \(acp\): enabled, not available, no-such-agent was not found/);
  const { stdout, exitCode } = await runHearth(place, ["runtime", "status"]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Mode: config-default");
});

test("A-134: after /runtime activate codex, a codex found on the PATH answers and the model is not asked", async () => {
  const agents = await newAgentPlace(FROM_CODEX, { codex: { command: "codex", args: [] } });
  const { place, agent } = agents;
  const bin = join(place.home, "bin");
  await mkdir(bin);
  const words = [agent.command, ...agent.args].map((word) => `'${word}'`).join(" ");
  await writeFile(join(bin, "codex"), `#!/bin/sh\nexec ${words}\n`);
  await chmod(join(bin, "codex"), 0o755);
  const tui = await openTui([], { place, env: { PATH: `${bin}:${place.env.PATH ?? ""}` } });
  await enter(tui, "/runtime activate codex", "codex takes the next turn");
  await enter(tui, "who are you?", "from codex");
  await tui.waitForStatus("idle");
  expect(tui.stub.requests).toHaveLength(0);
  expect(agent.prompts()).toEqual([["who are you?"]]);
  expect(await recorded(agents)).toEqual(["user who are you?", "assistant codex from codex"]);
  expect((await entries(agents, "runtime")).at(-1)).toMatchObject({
    runtime: "codex",
    externalSessionId: "external-1",
  });
  await leave(tui);
  await agentsGone(agents);
});

test("A-135: what was forced survives a restart until /runtime use config, which survives one too", async () => {
  const { place } = await newAgentPlace(FROM_CODEX);
  const first = await openTui([], { place });
  await enter(first, "/runtime activate codex", "codex takes the next turn");
  await leave(first);
  const second = await openTui([], { place });
  expect(await status(second)).toMatch(/Mode: forced[\s\S]*Effective runtime: codex/);
  await enter(second, "/runtime use config", "native takes the next turn");
  await leave(second);
  expect(await preferences(place)).not.toHaveProperty("runtime");
  const third = await openTui([], { place });
  expect(await status(third)).toMatch(/Mode: config-default[\s\S]*Effective runtime: native/);
});

test("A-136: /runtime deactivate forces native, which takes the next turn", async () => {
  const { place, agent } = await newAgentPlace(FROM_CODEX);
  const tui = await openTui(["from the model"], { place });
  await enter(tui, "/runtime activate codex", "codex takes the next turn");
  await enter(tui, "/runtime deactivate codex", "native takes the next turn");
  await enter(tui, "who are you?", "from the model");
  expect(agent.told("session/prompt")).toEqual([]);
  expect(await preferences(place)).toMatchObject({ runtime: "native" });
  expect(await status(tui)).toMatch(/Mode: forced[\s\S]*Effective runtime: native/);
});

test.for([
  { name: "nosuch", why: "not declared" },
  { name: "off", why: "disabled" },
])(
  "A-137: /runtime activate $name is an error that lists the enabled ones, and changes nothing",
  async ({ name, why }) => {
    const { place } = await newAgentPlace(FROM_CODEX, {
      others: { off: { command: "node", enabled: false } },
    });
    const tui = await openTui(["from the model"], { place });
    await enter(tui, `/runtime activate ${name}`, `The runtime "${name}" is ${why}.`);
    await tui.waitFor("Enabled: native, claude-code, codex,");
    tui.type(KEY.ctrl("c"));
    expect(await preferences(place)).toBeNull();
    expect(await status(tui)).toMatch(/Mode: config-default[\s\S]*Effective runtime: native/);
  },
);

test("A-137: /runtime alone opens the list, and in plain mode prints the status", async () => {
  const { place } = await newAgentPlace(FROM_CODEX);
  const tui = await openTui([], { place });
  await enter(tui, "/runtime", /native[\s\S]*codex/);
  expect(tui.screen().join("\n")).not.toContain("Effective runtime");
  const plain = await startTui([], { place, args: ["--plain"] });
  await plain.waitFor(/\S/);
  await enter(plain, "/runtime", /Mode: config-default[\s\S]*codex \(acp\): enabled/);
});

test("A-139: an agent that cannot start leaves the turn to native, with a notice in the file and on stderr", async () => {
  const agents = await newAgentPlace({ turns: [], start: { exit: 1, say: "not logged in" } });
  await using stub = await withStub(["from the model"]);
  const place = pointedAt(agents.place, stub);
  const { stdout, stderr, exitCode } = await runHearth(place, [
    "-p",
    "hi",
    "--runtime",
    "codex",
    "-o",
    "json",
  ]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ result: "from the model", runtime: "native" });
  expect(stderr).toContain("codex could not start, so native takes this turn");
  expect(stderr).toContain("not logged in");
  expect(await entries(agents, "notice")).toMatchObject([{ code: "runtime.fallback" }]);
  expect(await recorded(agents)).toEqual(["user hi", "assistant from the model"]);
});

test("A-139: with strict the same is an error, and the model is not asked", async () => {
  const agents = await newAgentPlace(
    { turns: [], start: { exit: 1, say: "not logged in" } },
    { codex: { strict: true } },
  );
  await using stub = await withStub(["from the model"]);
  const place = pointedAt(agents.place, stub);
  const { stdout, stderr, exitCode } = await runHearth(place, [
    "-p",
    "hi",
    "--runtime",
    "codex",
    "-o",
    "json",
  ]);
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ outcome: "failed", error: { code: "runtime.start" } });
  expect(stderr).toContain("not logged in");
  expect(stub.requests).toHaveLength(0);
});

test("A-139: on the screen the notice names both, and the next turn is tried with the agent again", async () => {
  const agents = await newAgentPlace({ turns: [], start: { exit: 1, say: "not logged in" } });
  const tui = await openWithAgent(agents, ["first from the model"]);
  await enter(tui, "hi", /codex could not start, so native takes this turn[\s\S]*first from the model/);
  await tui.waitForStatus("idle");
  agents.agent.rescript({ turns: [[say("from codex")]] });
  await enter(tui, "again", "from codex");
  expect(agents.agent.told("start")).toHaveLength(2);
  expect(tui.stub.requests).toHaveLength(1);
});

test("A-140: an agent that never answers is ended, and native takes the turn", async () => {
  const agents = await newAgentPlace({ turns: [], start: "hang" }, { codex: { idleTimeout: 1 } });
  await using stub = await withStub(["from the model"]);
  const place = pointedAt(agents.place, stub);
  const { stdout, stderr, exitCode } = await runHearth(place, ["-p", "hi", "--runtime", "codex"]);
  expect({ stdout, exitCode }).toEqual({ stdout: "from the model\n", exitCode: 0 });
  expect(stderr).toContain("did not answer within 1 s");
  expect(livingAgents(agents)).toEqual([]);
});

test("A-143: after a switch the model gets the external turn as history, and the agent what was said without it", async () => {
  const agents = await newAgentPlace({ turns: [[say("blue, says codex")]] });
  const tui = await openTui(["green, says the model", "both, says the model"], { place: agents.place });
  await enter(tui, "first question", "green, says the model");
  await tui.waitForStatus("idle");
  await enter(tui, "/runtime activate codex", "codex takes the next turn");
  await enter(tui, "second question", "blue, says codex");
  await tui.waitForStatus("idle");
  await enter(tui, "/runtime deactivate", "native takes the next turn");
  await enter(tui, "third question", "both, says the model");
  await tui.waitForStatus("idle");
  const [digest, prompt] = agents.agent.prompts()[0] ?? [];
  expect(prompt).toBe("second question");
  expect(digest).toMatch(/first question[\s\S]*green, says the model/);
  expect(textsOf(tui.stub.requests[1], "user").join("\n")).toMatch(
    /first question[\s\S]*second question[\s\S]*third question/,
  );
  expect(textsOf(tui.stub.requests[1], "assistant")).toEqual(["green, says the model", "blue, says codex"]);
  expect(await recorded(agents)).toEqual([
    "user first question",
    "assistant green, says the model",
    "user second question",
    "assistant codex blue, says codex",
    "user third question",
    "assistant both, says the model",
  ]);
});

test("A-144: damaged preferences are a warning and stay as they are until the next choice", async () => {
  const { place } = await newAgentPlace(FROM_CODEX);
  const damaged = '{"runtime": "codex"';
  await writeFile(preferencesFile(place), damaged);
  const tui = await openTui(["from the model"], { place });
  await tui.waitFor("preferences.json");
  await enter(tui, "hi", "from the model");
  expect(await readFile(preferencesFile(place), "utf8")).toBe(damaged);
  await enter(tui, "/runtime activate codex", "codex takes the next turn");
  expect(await preferences(place)).toEqual({ runtime: "codex" });
});

test("A-145: --runtime holds for its process only", async () => {
  const agents = await newAgentPlace(FROM_CODEX);
  await using stub = await withStub(["from the model"]);
  const place = pointedAt(agents.place, stub);
  const external = await runHearth(place, ["-p", "x", "--runtime", "codex", "-o", "json"]);
  expect(external.exitCode).toBe(0);
  expect(JSON.parse(external.stdout)).toMatchObject({
    result: "from codex",
    runtime: "codex",
    outcome: "completed",
  });
  expect(livingAgents(agents)).toEqual([]);
  expect(await preferences(place)).toBeNull();
  const native = await runHearth(place, ["-p", "x", "-o", "json"]);
  expect(JSON.parse(native.stdout)).toMatchObject({ result: "from the model", runtime: "native" });
});

test("A-145: an unknown --runtime is a usage error that lists the enabled ones", async () => {
  const { place } = await newAgentPlace(FROM_CODEX);
  const { stderr, exitCode } = await runHearth(place, ["-p", "x", "--runtime", "nosuch"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("Enabled: native, claude-code, codex,");
});
