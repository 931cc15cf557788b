// Taking back what runs did: /undo, /redo, /diff, Esc Esc with files and with both, /snapshots; the built program in a
// pseudo-terminal and in a pipe.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { newPlace, runHearth } from "../support/hearth.ts";
import { sessionEntries } from "../support/program.ts";
import { withStub } from "../support/stub.ts";
import { KEY } from "../support/terminal.ts";
import { openTui, type Tui } from "./tui-driver.ts";

const FULL = ["--permission-mode", "full"];

const TWO_RUNS: ScriptInput = [
  { toolCalls: [{ name: "write", arguments: { path: "a.txt", content: "one\n" } }] },
  "first is done",
  { toolCalls: [{ name: "bash", arguments: { command: "echo two > a.txt; echo b > b.txt" } }] },
  "second is done",
  "an answer",
];

const textOf = (tui: Tui, path: string): string | null => {
  const file = join(tui.place.cwd, path);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
};

function kinds(entries: Record<string, unknown>[]): unknown[] {
  return entries.flatMap((entry) => (entry.type === "checkpoint" ? [entry.kind] : []));
}

async function afterTwoRuns(size: { columns: number; rows: number }): Promise<Tui> {
  const tui = await openTui(TWO_RUNS, { args: FULL, ...size });
  for (const [prompt, answer] of [
    ["go", "first is done"],
    ["on", "second is done"],
  ] as const) {
    tui.enter(prompt);
    await tui.waitFor(answer);
    await tui.waitForStatus("idle");
  }
  // On a busy machine the files of the last run are kept a moment after it settled.
  await expect
    .poll(async () => kinds(await sessionEntries(tui.place)), { timeout: 10_000 })
    .toEqual(["before", "after", "before", "after"]);
  return tui;
}

for (const size of [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
]) {
  test(`/diff, /undo and /redo in ${size.columns}x${size.rows}`, async () => {
    const tui = await afterTwoRuns(size);
    // Where the completion was there by then, Enter took what it named.
    tui.enter("/diff 1");
    await tui.waitFor(
      /2 files changed since (?:1|turn-0001)\.[\s\S]*changed {2}a\.txt[\s\S]*- one[\s\S]*\+ two[\s\S]*added {2}b\.txt/,
    );
    tui.enter("/undo");
    await tui.waitFor(/Back before run 2: restored a\.txt, removed b\.txt\./);
    expect([textOf(tui, "a.txt"), textOf(tui, "b.txt")]).toEqual(["one\n", null]);
    // The prompt that was taken back is there to be sent again.
    await expect.poll(() => tui.input(), { timeout: 10_000 }).toBe("on");
    tui.type(KEY.ctrl("c"));
    await expect.poll(() => tui.input(), { timeout: 10_000 }).toBe("");
    tui.enter("/redo");
    await tui.waitFor(/Brought back: restored a\.txt, b\.txt\./);
    expect([textOf(tui, "a.txt"), textOf(tui, "b.txt")]).toEqual(["two\n", "b\n"]);
  });

  test(`Esc Esc in ${size.columns}x${size.rows}: the tree, then what to take back, with the change beside it`, async () => {
    const tui = await afterTwoRuns(size);
    writeFileSync(join(tui.place.cwd, "b.txt"), "by hand\n");
    const openTree = async () => {
      tui.type(KEY.escape);
      await tui.waitFor("Esc again");
      tui.type(KEY.escape);
      await tui.waitFor(/the runs of this session[\s\S]*before the first prompt/);
      tui.type(KEY.up);
      tui.type(KEY.enter);
      await tui.waitFor(/go back to the end of run 1[\s\S]*conversation and files[\s\S]*a\.txt {2}\+1 -1/);
    };
    await openTree();
    expect(tui.screen().join("\n")).toMatch(/Changed by hand since[^\n]*b\.txt/);
    tui.type(KEY.down);
    tui.type(KEY.enter);
    await tui.waitFor(/The files are back at the end of run 1: restored a\.txt, removed b\.txt/);
    expect([textOf(tui, "a.txt"), textOf(tui, "b.txt")]).toEqual(["one\n", null]);
    tui.enter("/redo");
    await tui.waitFor(/Brought back: restored a\.txt, b\.txt/);
    expect(textOf(tui, "b.txt")).toBe("by hand\n");
    await openTree();
    tui.type(KEY.enter);
    await tui.waitFor(/rewound to run 1/);
    await tui.waitFor(/Back at the end of run 1: restored a\.txt, removed b\.txt/);
    tui.enter("what now");
    await tui.waitFor("an answer");
    expect(JSON.stringify(tui.stub.requests.at(-1)?.body)).not.toContain("second is done");
  });
}

test("/snapshots lists every run, shows what changed since and brings its files back", async () => {
  const tui = await afterTwoRuns({ columns: 100, rows: 30 });
  tui.enter("/snapshot good");
  await tui.waitFor("kept as good");
  tui.enter("/snapshots");
  await tui.waitFor(/good {2}named[\s\S]*turn-0002 {2}on[\s\S]*turn-0001 {2}go[\s\S]*start/);
  tui.type("turn-0001");
  await tui.waitFor(/Since then:[\s\S]*a\.txt/);
  tui.type(KEY.enter);
  await tui.waitFor(/go back to snapshot turn-0001[\s\S]*files/);
  tui.type(KEY.enter);
  await tui.waitFor(/The files are back at snapshot turn-0001/);
  expect([textOf(tui, "a.txt"), textOf(tui, "b.txt")]).toEqual(["one\n", null]);
  expect(existsSync(join(tui.place.cwd, ".git", "index"))).toBe(false);
});

test("one-shot runs keep the files too, and say nothing about it", async () => {
  await using stub = await withStub(TWO_RUNS);
  const place = await newPlace(stub);
  const run = await runHearth(place, [...FULL, "-p", "go"]);
  expect(run).toMatchObject({ stdout: "first is done\n", stderr: "", exitCode: 0 });
  expect(kinds(await sessionEntries(place))).toEqual(["before", "after"]);
  // Where the home folder is the workspace there are none, and that is said once.
  const home = await runHearth({ ...place, cwd: place.home }, [...FULL, "-p", "on"]);
  expect(home.stderr).toMatch(/^hearth: No checkpoints are made here: .* is the home folder\.\n$/);
});
