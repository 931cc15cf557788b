import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BUILT_IN_THEMES } from "../../../src/tui/theme/theme-file.ts";
import { themeChoices } from "../../../src/tui/theme/theme-names.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("our own themes come first, each with a word about it, then the files of the person's folder", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "mine.json"), "{}");
  await writeFile(join(folder, "dark.json"), "{}");
  await writeFile(join(folder, "notes.txt"), "");
  const choices = await themeChoices(folder);
  expect(choices.map(({ value }) => value)).toEqual([...BUILT_IN_THEMES, "mine"]);
  expect(choices.filter(({ detail }) => detail === "")).toEqual([]);
});

test("without the folder there are ours", async () => {
  expect(await themeChoices("/nowhere/at/all")).toHaveLength(BUILT_IN_THEMES.length);
});
