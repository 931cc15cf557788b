// What the model is told, on the screen: /context, /system, /role, prompt templates, mentions; in a pseudo-terminal.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newPlace, type Place } from "../support/hearth.ts";
import { KEY } from "../support/terminal.ts";
import { textsOf } from "./scripted.ts";
import { openTui } from "./tui-driver.ts";

async function placeWith(files: Record<string, string>): Promise<Place> {
  const place = await newPlace();
  for (const [path, text] of Object.entries(files)) {
    const [folder = "", ...rest] = path.split("/");
    const file = join(folder === "own" ? join(place.home, "hearth") : place.cwd, ...rest);
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, text);
  }
  return place;
}

const ANSWER = { text: "an answer", usage: { input: 9_000, output: 1_000 } };

test.each([80, 120])(
  "/context shows a bar and every part in %d columns, as the provider counted it",
  async (columns) => {
    const place = await placeWith({ "project/AGENTS.md": "rules", "project/a.txt": "text of a" });
    const tui = await openTui([ANSWER], { place, columns, rows: 40 });
    tui.enter("read @a.txt");
    await tui.waitFor("an answer");
    await tui.waitForStatus("idle");
    tui.enter("/context");
    await tui.waitFor(/Context: 10k tokens of [\s\S]*█░+[\s\S]*As the provider counted/);
    await tui.waitFor(
      /instructions[\s\S]*AGENTS\.md[\s\S]*tools[\s\S]*your prompts[\s\S]*mentioned files[\s\S]*answers[\s\S]*free/,
    );
  },
);

test("a role from the picker stands in the status line and is told; /system shows its part", async () => {
  const place = await placeWith({
    "own/roles/reviewer.md": "---\ndescription: Finds mistakes\nmode: plan\n---\nYou review.",
  });
  const tui = await openTui([], { place });
  tui.enter("/role");
  await tui.waitFor(/give the model a role[\s\S]*reviewer +Finds mistakes[\s\S]*none/);
  tui.type("rev");
  await tui.waitFor(/mode +plan, where that is stricter[\s\S]*You review\./);
  tui.type(KEY.enter);
  await tui.waitFor(/Role: reviewer\. Finds mistakes/);
  await tui.waitFor(/reviewer · .*plan/);
  tui.enter("/system");
  await tui.waitFor(/the system prompt, part by part[\s\S]*all of it/);
  tui.type("role");
  await tui.waitFor(/Your role: reviewer/);
  tui.type(KEY.enter);
  await tui.waitFor(/role reviewer\n\s*\n\s+Your role: reviewer/);
});

test("a prompt template is completed and sent with its arguments; what it mentions is named, not spilled", async () => {
  const place = await placeWith({
    "own/prompts/review.md": "---\ndescription: Look at a file\nargument-hint: [file]\n---\nReview @$1 now",
    "project/a.txt": "line\n".repeat(50),
  });
  const tui = await openTui([ANSWER], { place });
  tui.type("/revi");
  await tui.waitFor(/\/review \[file\] +Look at a file \(your prompt\)/);
  tui.type(KEY.tab);
  tui.enter("a.txt");
  await tui.waitFor("an answer");
  await tui.waitFor(/Review @a\.txt now\s+\[a\.txt\]/);
  expect(textsOf(tui.stub.requests[0], "user").join("\n")).toContain("Content of a.txt:\n```\nline\nline");
});
