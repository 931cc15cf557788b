// The full-screen transcript (Ctrl+O): the built program in a pseudo-terminal.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newPlace } from "../support/hearth.ts";
import { writeSessionFixture } from "../support/session-fixture.ts";
import { KEY } from "../support/terminal.ts";
import { sessionLines } from "./scripted.ts";
import { countRows, openTui, type Tui } from "./tui-driver.ts";

const ANSWER = "Look:\n\n```sh\nnpm test\n```\n\nThat is all.";

async function openTranscript(tui: Tui): Promise<void> {
  tui.type(KEY.ctrl("o"));
  await tui.waitFor("q back");
}

/** What OSC 52 put into the clipboard so far. */
function copies(tui: Tui): string[] {
  return [...tui.bytes().matchAll(/\x1b\]52;c;([^\x07]*)\x07/g)].map(([, text = ""]) =>
    Buffer.from(text, "base64").toString(),
  );
}

/** A session with an edit, a command and an answer. */
async function openEdited(): Promise<Tui> {
  const tui = await openTui(
    [
      { toolCalls: [{ name: "write", arguments: { path: "a.txt", content: "old line\n" } }] },
      {
        toolCalls: [
          { name: "edit", arguments: { path: "a.txt", edits: [{ old_text: "old", new_text: "new" }] } },
          { name: "read", arguments: { path: "a.txt" } },
        ],
      },
      ANSWER,
      "second answer",
    ],
    { args: ["--permission-mode", "full"] },
  );
  for (const [prompt, answer] of [
    ["first prompt", "That is all"],
    ["another prompt", "second answer"],
  ] as const) {
    tui.enter(prompt);
    await tui.waitFor(answer);
    await tui.waitForStatus("idle");
  }
  return tui;
}

test("search, fold, jump, copy, diff and back: the main screen and its scrollback are as they were", async () => {
  const tui = await openEdited();
  const before = tui.transcript();
  await openTranscript(tui);
  await tui.waitFor("run 2 of 2");
  tui.type("/");
  tui.type("look:");
  await tui.waitFor("/ look:");
  tui.type(KEY.enter);
  await tui.waitFor('"look:" 1 of 1 item');
  expect(tui.bytes()).toMatch(/\x1b\[7mLook:/);
  tui.type("y");
  await tui.waitFor("Copied the item");
  tui.type("c");
  await tui.waitFor("Copied the code: 1 line.");
  expect(copies(tui)).toEqual([ANSWER, "npm test"]);
  tui.type("kk");
  await tui.waitFor(/▌ ▾ ✓ edit {2}a\.txt/);
  tui.type("d");
  await tui.waitFor(/edit {2}a\.txt[\s\S]*- old line[\s\S]*\+ new line/);
  await tui.waitFor((screen) => !screen.includes("first prompt"));
  tui.type("q");
  await tui.waitFor(/▌ ▾ ✓ edit/);
  tui.type(" ");
  await tui.waitFor(/▌ ▸ ✓ edit/);
  tui.type("[");
  await tui.waitFor(/▌ ▾ first prompt[\s\S]*run 1 of 2|run 1 of 2[\s\S]*▌ ▾ first prompt/);
  tui.type(" ");
  await tui.waitFor((screen) => /▌ ▸ first prompt/.test(screen) && !screen.includes("That is all"));
  tui.type("q");
  await tui.waitForStatus("idle");
  expect(tui.transcript()).toEqual(before);
  tui.enter("/exit");
  await tui.left(0);
  expect(tui.bytes()).not.toMatch(/\x1b\[\?100[0236]h/);
});

test("what is copied goes to the clipboard program too, from /copy and from the view", async () => {
  const place = await newPlace();
  const programs = join(place.home, "bin");
  await mkdir(programs);
  const got = join(place.home, "got");
  await writeFile(join(programs, "xclip"), `#!/bin/sh\ncat >> "${got}"\n`, { mode: 0o755 });
  const env = { PATH: `${programs}:${place.env.PATH}`, DISPLAY: ":9" };
  const tui = await openTui(["the answer"], { place, env });
  tui.enter("hello");
  await tui.waitFor("the answer");
  await tui.waitForStatus("idle");
  tui.enter("/copy");
  await tui.waitFor("Copied the newest answer");
  await expect.poll(() => copies(tui)).toEqual(["the answer"]);
  const text = (): Promise<string> => readFile(got, "utf8").catch(() => "");
  await expect.poll(text).toBe("the answer");
  await openTranscript(tui);
  await tui.waitFor("hearth · hello");
  tui.type("[y");
  await tui.waitFor("Copied the item");
  await expect.poll(text).toBe("the answerhello");
});

test("from the view to the tree and to the runs of the session", async () => {
  const tui = await openEdited();
  await openTranscript(tui);
  tui.type("r");
  await tui.waitFor(/2\. another prompt[\s\S]*1\. first prompt/);
  tui.type(KEY.escape);
  await tui.waitFor((screen) => !screen.includes("2. another prompt"));
  await openTranscript(tui);
  tui.type("t");
  await tui.waitForStatus("idle");
  await tui.waitFor(/the runs of this session[\s\S]* first prompt/);
  tui.type(KEY.escape);
  // The preview of a run shows its answer too.
  await expect.poll(() => countRows(tui.transcript(), "second answer")).toBe(1);
});

test("a saved session is there from its first prompt on, found and jumped to, in its own order", async () => {
  const place = await newPlace();
  const dir = join(place.env.HEARTH_HOME ?? "", "sessions");
  const { path } = await writeSessionFixture({ dir, cwd: place.cwd, entries: 3_000 });
  const tui = await openTui([], {
    place,
    args: ["--resume", path, "--model", "anthropic/claude-sonnet-5-5"],
  });
  await openTranscript(tui);
  await tui.waitFor(/run (\d+) of \1 +100%/);
  tui.type(KEY.home);
  await tui.waitFor(/run 1 of \d+ +0%[\s\S]*▌ ▾ Look at number 0:/);
  await tui.waitFor("500+ more rows below");
  tui.type("]]");
  await tui.waitFor(/run 3 of/);
  const prompts = (await sessionLines(path)).filter((line) => line.type === "run_start");
  const middle = /number \d+:/.exec(String(prompts[60]?.prompt))?.[0] ?? "";
  tui.type("/");
  tui.type(middle);
  tui.type(KEY.enter);
  await tui.waitFor((screen) => screen.includes(`▌ ▾ Look at ${middle}`) && screen.includes("run 61 of"));
  await tui.waitFor(`"${middle}" 1 of 1 item`);
  tui.resize(60, 20);
  await tui.waitFor((screen) => screen.includes(`▌ ▾ Look at ${middle}`) && screen.split("\n").length === 20);
  tui.type(KEY.end);
  await tui.waitFor((screen) => !screen.includes(" below"));
  tui.type("q");
  await tui.waitForStatus("idle");
});

test("Ctrl+C twice in the view leaves the view, then asks; nothing of it stays behind", async () => {
  const tui = await openEdited();
  await openTranscript(tui);
  tui.type("/");
  await tui.waitFor("  /");
  tui.type(KEY.ctrl("c"));
  await tui.waitFor("q back");
  tui.type(KEY.ctrl("c"));
  await tui.waitForStatus("idle");
  expect(countRows(tui.transcript(), "q back")).toBe(0);
  expect(countRows(tui.transcript(), "first prompt")).toBe(1);
});

test("a window that was wide, narrow and is wide again shows nothing of what it showed before", async () => {
  const tui = await openEdited();
  await openTranscript(tui);
  const sizes = [
    { columns: 100, rows: 34 },
    { columns: 33, rows: 50 },
    { columns: 200, rows: 60 },
  ];
  for (const { columns, rows } of sizes) {
    tui.resize(columns, rows);
    await tui.waitFor(
      (screen) => screen.split("\n").findLastIndex((row) => row.includes("q back")) >= rows - 3,
    );
  }
  await tui.waitFor("t tree   q back");
  expect(countRows(tui.screen(), "q back")).toBe(1);
});
