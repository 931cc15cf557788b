// Sessions, models and runtimes chosen on the screen (SPEC, sections 5, 7, 8, 13); the built program in a
// pseudo-terminal.
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type AgentScript, acpAgent } from "../support/acp-agent.ts";
import { newPlace, type Place, runHearth } from "../support/hearth.ts";
import { type TestStub, withStub } from "../support/stub.ts";
import { KEY, startTerminal } from "../support/terminal.ts";
import { bodyOf, pointedAt, sessionFiles, sessionLines, textsOf } from "./scripted.ts";
import { countRows, openTui, startTui, statusLine, type Tui, writeSettings } from "./tui-driver.ts";

async function oneShot(place: Place, stub: TestStub, prompt: string): Promise<void> {
  expect((await runHearth(pointedAt(place, stub), ["-p", prompt])).exitCode).toBe(0);
}

function home(place: Place): string {
  return place.env.HEARTH_HOME ?? "";
}

async function leave(tui: Tui): Promise<void> {
  tui.enter("/exit");
  await tui.left(0);
}

test("A-090: --resume without an id lists this directory's sessions, newest first, with first prompt and age", async () => {
  const place = await newPlace();
  await using stub = await withStub(["one", "two", "three", "here again"]);
  await oneShot(place, stub, "the first prompt");
  await oneShot({ ...place, cwd: place.home }, stub, "prompt elsewhere");
  await oneShot(place, stub, "the second prompt");
  const tui = await startTui([], { place, stub, args: ["--resume"] });
  await tui.waitFor("resume a session");
  await tui.waitFor(/the second prompt\s+\d+ s ago {2}1 run {2}native[\s\S]*the first prompt\s+\d+ s ago/);
  expect(tui.screen().join("\n")).not.toContain("prompt elsewhere");
  tui.type("first");
  await tui.waitFor((screen) => !screen.includes("the second prompt"));
  tui.type(KEY.enter);
  await tui.waitFor(/▌ the first prompt[\s\S]*one/);
  tui.enter("what did I say?");
  await tui.waitFor("here again");
  expect(textsOf(stub.requests[3], "user")).toEqual(["the first prompt", "what did I say?"]);
  await leave(tui);
  expect(await sessionFiles(place)).toHaveLength(3);
});

test("A-099: a session that is open in another terminal is shown with its pid and can be looked at or forked", async () => {
  const first = await openTui(["hello back", "in the copy"]);
  first.enter("hello");
  await first.waitFor("hello back");
  await first.waitForStatus("idle");
  const second = await startTui([], { place: first.place, stub: first.stub, args: ["--continue"] });
  await second.waitFor(new RegExp(`in use by process ${first.pid}\\.[\\s\\S]*look at it[\\s\\S]*fork it`));
  const fork = await openTui([], { place: first.place, stub: first.stub, args: ["--fork"] });
  await fork.waitFor(/▌ hello[\s\S]*hello back/);
  fork.enter("go on");
  await fork.waitFor("in the copy");
});

test("a resumed session shows its runs as they were, calls, diffs, answers and all", async () => {
  const place = await newPlace();
  await writeFile(join(place.cwd, "a.txt"), "old line\n");
  const tui = await openTui(
    [
      { thinking: "a thought", toolCalls: [{ name: "read", arguments: { path: "a.txt" } }] },
      {
        toolCalls: [
          { name: "edit", arguments: { path: "a.txt", edits: [{ old_text: "old", new_text: "new" }] } },
        ],
      },
      { toolCalls: [{ name: "bash", arguments: { command: "echo out; exit 3" } }] },
      "# Done\n\n- with a `list`\n- of **two**\n\n```js\nconst a = 1;\n```",
    ],
    { place, args: ["--permission-mode", "full", "--thinking", "high"] },
  );
  tui.enter("go");
  await tui.waitFor("const a = 1;");
  await tui.waitForStatus("idle");
  const live = conversationRows(tui);
  expect(live.join("\n")).toMatch(/✗ bash\s+echo out; exit 3\s+exit 3/);
  await leave(tui);
  const again = await openTui([], { place, stub: tui.stub, args: ["--continue"] });
  await again.waitFor("const a = 1;");
  expect(conversationRows(again)).toEqual(live);
});

/** From the prompt to the end of the run, without times that are measured anew. */
function conversationRows(tui: Tui): string[] {
  const rows = tui.transcript();
  const first = rows.findIndex((row) => row.startsWith("▌ go"));
  const last = rows.findIndex((row) => row.startsWith("  ── "));
  return rows.slice(first, last + 1).map((row) => row.replaceAll(/ *\d+\.\ds\b|\d+:\d\d/g, " TIME"));
}

test("A-127: /model with a short name takes the next request and later starts; an unknown one changes nothing", async () => {
  const place = await newPlace();
  await writeSettings(place, { models: { fast: "anthropic/claude-haiku-4-5" } });
  await using stub = await withStub(["one", "two", "three"]);
  const tui = await openTui([], { place, stub });
  tui.enter("/model fast");
  await tui.waitFor("It takes the next request");
  tui.enter("/model nosuch");
  await tui.waitFor("model.unknown");
  expect(tui.input()).toBe("/model nosuch");
  tui.type(KEY.ctrl("u"));
  tui.enter("hello");
  await tui.waitFor("one");
  await tui.waitForStatus("idle");
  await tui.waitFor((screen) => statusLine(screen).includes("claude-haiku-4-5"));
  await leave(tui);
  const again = await openTui([], { place, stub });
  again.enter("hello again");
  await again.waitFor("two");
  expect(stub.requests.map((request) => (bodyOf(request) as { model?: string }).model)).toEqual([
    "claude-haiku-4-5",
    "claude-haiku-4-5",
  ]);
});

test("/rewind offers the runs; above what stays shown there is a line that says where the session is", async () => {
  const tui = await openTui(["one", "two"]);
  for (const [prompt, answer] of [
    ["first prompt", "one"],
    ["second prompt", "two"],
  ] as const) {
    tui.enter(prompt);
    await tui.waitFor(answer);
    await tui.waitForStatus("idle");
  }
  tui.enter("/rewind");
  await tui.waitFor(/2\. second prompt[\s\S]*1\. first prompt/);
  tui.type(KEY.down);
  tui.type(KEY.enter);
  await tui.waitFor(/── rewound to run 1 ──[\s\S]*▌ first prompt[\s\S]*one/);
});

type Agents = { codex: AgentScript; pi?: AgentScript };

async function placeWithAgents({ codex, pi = { turns: [] } }: Agents): Promise<Place> {
  const place = await newPlace();
  const folders = { codex: join(place.home, "codex"), pi: join(place.home, "pi") };
  await Promise.all([mkdir(folders.codex), mkdir(folders.pi)]);
  const { command, args } = acpAgent(folders.codex, codex);
  const other = acpAgent(folders.pi, pi);
  await writeSettings(place, {
    runtimes: {
      codex: { kind: "acp", command, args },
      pi: { kind: "acp", command: other.command, args: other.args },
      asleep: { command, args, enabled: false },
      missing: { command: "no-such-program-anywhere" },
    },
  });
  return place;
}

test("A-133: /runtime status tells mode, effective backend, and which others are enabled and available", async () => {
  const place = await placeWithAgents({ codex: { turns: [] } });
  const tui = await openTui([], { place });
  tui.enter("/runtime status");
  await tui.waitFor("Mode: config-default");
  await tui.waitFor("Effective runtime: native");
  await tui.waitFor(/codex \(acp\): enabled, available/);
  await tui.waitFor(/asleep \(acp\): disabled/);
  await tui.waitFor(/missing \(acp\): enabled, not available/);
});

test("A-134, A-135: an activated agent answers instead of the model, is recorded, survives a restart, and is taken back", async () => {
  const place = await placeWithAgents({ codex: { turns: [[{ do: "say", text: "from codex" }]] } });
  await using stub = await withStub(["from the stub"]);
  const tui = await openTui([], { place, stub });
  tui.enter("/runtime activate codex");
  await tui.waitFor("codex takes over");
  tui.enter("who are you?");
  await tui.waitFor("from codex");
  await tui.waitForStatus("idle");
  expect(stub.requests).toHaveLength(0);
  await tui.waitFor((screen) => statusLine(screen).includes("codex"));
  await leave(tui);
  const [file = ""] = await sessionFiles(place);
  expect(await sessionLines(file)).toEqual(
    expect.arrayContaining([expect.objectContaining({ type: "run_start", runtime: "codex" })]),
  );
  const again = await openTui([], { place, stub });
  again.enter("/runtime status");
  await again.waitFor(/Mode: forced[\s\S]*Effective runtime: codex/);
  again.enter("/runtime use config");
  await again.waitFor("The settings decide again: native");
  await leave(again);
  const last = await openTui([], { place, stub });
  last.enter("/runtime status");
  await last.waitFor(/Mode: config-default[\s\S]*Effective runtime: native/);
});

test("A-136: /runtime deactivate forces native and the next run goes to the model", async () => {
  const place = await placeWithAgents({ codex: { turns: [] } });
  await using stub = await withStub(["from the stub"]);
  const tui = await openTui([], { place, stub });
  tui.enter("/runtime activate pi");
  await tui.waitFor("pi takes over");
  tui.enter("/runtime deactivate pi");
  await tui.waitFor("native takes over");
  tui.enter("hello");
  await tui.waitFor("from the stub");
  tui.enter("/runtime status");
  await tui.waitFor(/Mode: forced[\s\S]*Effective runtime: native/);
});

test("A-137: an unknown or disabled runtime is an error that lists the enabled ones; /runtime alone opens the list", async () => {
  const place = await placeWithAgents({ codex: { turns: [] } });
  const tui = await openTui([], { place });
  for (const name of ["nosuch", "asleep"]) {
    tui.enter(`/runtime activate ${name}`);
    await tui.waitFor(
      new RegExp(`${name}[^\\n]*\\n[\\s\\S]*native, claude-code, codex, gemini, opencode, pi, missing`),
    );
    tui.type(KEY.ctrl("u"));
  }
  tui.enter("/runtime status");
  await tui.waitFor("Mode: config-default");
  tui.enter("/runtime");
  await tui.waitFor("Enter chooses");
  tui.type("codex");
  await tui.waitFor(/hand the conversation to {2}› codex[\s\S]*1 of 8/);
  expect(tui.screen().join("\n")).not.toMatch(/asleep\s+(acp|not)/);
  tui.type(KEY.enter);
  await tui.waitFor("codex takes over");
});

test("A-137: in plain mode /runtime prints the status", async () => {
  const place = await placeWithAgents({ codex: { turns: [] } });
  const tui = await startTui([], { place, args: ["--plain"] });
  await tui.waitFor(">");
  tui.enter("/runtime");
  await tui.waitFor("Mode: config-default");
});

test("A-144: damaged preferences give a warning and defaults, and stay as they are until the next change", async () => {
  const place = await newPlace();
  await mkdir(home(place), { recursive: true });
  const file = join(home(place), "preferences.json");
  await writeFile(file, '{"theme": "lig');
  const tui = await openTui(["hello back"], { place });
  await tui.waitFor(/preferences\.json/);
  tui.enter("hello");
  await tui.waitFor("hello back");
  await tui.waitForStatus("idle");
  expect(await readFile(file, "utf8")).toBe('{"theme": "lig');
  tui.enter("/theme light");
  await expect.poll(() => readFile(file, "utf8")).toContain('"light"');
  JSON.parse(await readFile(file, "utf8"));
});

test("a theme that cannot be had is told and is not kept", async () => {
  const place = await newPlace();
  const tui = await openTui([], { place });
  tui.enter("/theme nosuch");
  await tui.waitFor("There is no theme named nosuch");
  // The line stays to be mended.
  expect(tui.input()).toBe("/theme nosuch");
  tui.type(KEY.ctrl("u"));
  tui.enter("/theme light");
  await tui.waitFor("Theme: light");
  expect(tui.screen().join("\n")).not.toContain("Theme: nosuch");
  const file = join(home(place), "preferences.json");
  await expect.poll(() => readFile(file, "utf8")).toContain('"light"');
});

test("A-196: without any key the first screen tells how to set one, and the demo works from there", async () => {
  const place = await newPlace();
  const terminal = startTerminal({ args: [], cwd: place.cwd, env: place.env });
  onTestFinished(() => terminal.kill());
  await terminal.waitFor("No key was found");
  const screen = terminal.screen().join("\n");
  for (const name of ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "the demo"]) expect(screen).toContain(name);
  terminal.type("demo");
  await terminal.waitFor("1 of 4");
  terminal.type(KEY.enter);
  await terminal.waitFor((text) => /demo/.test(statusLine(text)));
  terminal.type("fix it\r");
  await terminal.waitFor("wants to run", 15_000);
  expect(countRows(terminal.transcript(), "No key was found")).toBe(0);
});

test("A-196: a pasted key is kept for its owner alone, is never shown, and the program goes on with it", async () => {
  const place = await newPlace();
  await using stub = await withStub(["hello back"]);
  const terminal = startTerminal({
    args: [],
    cwd: place.cwd,
    env: { ...place.env, ANTHROPIC_BASE_URL: stub.url },
  });
  await terminal.waitFor("No key was found");
  terminal.type(KEY.enter);
  await terminal.waitFor("Paste the key, then Enter");
  terminal.type(KEY.paste("sk-secret-1234"));
  await terminal.waitFor("**************");
  terminal.type(KEY.enter);
  await terminal.waitFor("Whose key is it?");
  terminal.type(KEY.enter);
  await terminal.waitFor("Choose a theme");
  terminal.type(KEY.escape);
  await terminal.waitFor((text) => /claude/.test(statusLine(text)));
  terminal.type("hello\r");
  await terminal.waitFor("hello back");
  expect(terminal.bytes()).not.toContain("sk-secret");
  const file = join(home(place), "credentials.json");
  expect(await readFile(file, "utf8")).toContain("sk-secret-1234");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
