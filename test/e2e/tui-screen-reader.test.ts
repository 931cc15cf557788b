// The screen-reader mode of the built program: lines in words, each once, nothing drawn again; by flag, setting, variable.
import { expect, test } from "vitest";
import { newPlace } from "../support/hearth.ts";
import { KEY } from "../support/terminal.ts";
import { startTui, type Tui, writeSettings } from "./tui-driver.ts";

const PROMPT = "Your message:";
const asked = (tui: Tui) => tui.waitFor((screen) => screen.trimEnd().endsWith(PROMPT));

/** Nothing but text, the question for colours, and what the shell's own line editing writes. */
function expectLinear(bytes: string): void {
  const said = bytes.replaceAll(/\x1b\]1[01];\?\x1b\\|\x1b\[c/g, "");
  expect(said).not.toContain("\x1b");
  expect(said).not.toMatch(/[●✓✗■▌│─…›]/);
}

test.for([
  { how: "flag", args: ["--screen-reader"], env: {} },
  { how: "Ink's variable", args: [], env: { INK_SCREEN_READER: "true" } },
])("by $how: a run with a question is heard in words, each thing once", async ({ args, env }) => {
  const call = {
    text: "I will **look**.",
    toolCalls: [{ name: "bash", arguments: { command: "echo made" } }],
  };
  const tui = await startTui([call, "# All\n\n- done"], { args, env });
  await asked(tui);
  expect(tui.transcript()[0]).toMatch(
    /^Hearth \d.*, model claude-sonnet-5-5, in .*\. Type \/help for help\.$/,
  );
  tui.enter("please look");
  await tui.waitFor("then Enter.");
  expect(tui.screen().join("\n")).toContain("Question: bash wants to run");
  tui.enter("y");
  await tui.waitFor("- done");
  await asked(tui);
  const rows = tui.transcript().map((row) => row.trim());
  for (const line of ["Hearth says:", "I will look.", "Heading: All", "- done"])
    expect(
      rows.filter((row) => row === line),
      line,
    ).toHaveLength(line === "Hearth says:" ? 2 : 1);
  expect(
    rows.filter((row) => /^Tool bash, echo made: done, exit 0, \d\.\d seconds\.$/.test(row)),
  ).toHaveLength(1);
  expect(rows.filter((row) => /^Done: 2 steps, /.test(row))).toHaveLength(1);
  tui.enter("/exit");
  await tui.left(0);
  expectLinear(tui.bytes());
});

test("by setting: what is typed while the program starts is not lost, and answers of the terminal are not typed", async () => {
  const place = await newPlace();
  await writeSettings(place, { screenReader: true });
  const tui = await startTui(["hello back"], { place });
  await tui.waitFor(() => tui.bytes().includes("\x1b]11;?"));
  tui.type("\x1b]11;rgb:ffff/ffff/ffff\x1b\\");
  tui.enter("early");
  await tui.waitFor("hello back");
  await asked(tui);
  expect(tui.stub.requests).toHaveLength(1);
  expect(JSON.stringify(tui.stub.requests[0])).toContain("early");
  expect(JSON.stringify(tui.stub.requests[0])).not.toContain("rgb:");
  tui.type(KEY.ctrl("d"));
  await tui.left(0);
  expectLinear(tui.bytes());
});

test("a run can be steered, interrupted and left by the keyboard alone", async () => {
  const slow = { text: "one two three four five six seven eight nine ten", chunkSize: 5, chunkDelayMs: 200 };
  const tui = await startTui([slow, "second"], { args: ["--screen-reader"] });
  await asked(tui);
  tui.enter("count");
  await expect.poll(() => tui.stub.requests.length).toBe(1);
  tui.enter("and then more");
  await tui.waitFor("Queued, goes after the running tools: and then more");
  tui.type(KEY.ctrl("c"));
  await tui.waitFor("Interrupted:");
  tui.type(KEY.ctrl("c"));
  await tui.left(130);
  expectLinear(tui.bytes());
});
