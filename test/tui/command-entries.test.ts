import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandEntries } from "../../src/tui/command-entries.ts";
import { newPlace, openTestApp } from "../app/test-app.ts";

test("/theme is completed with the themes there are, those of the person's folder too", async () => {
  const { app } = await openTestApp(await newPlace());
  await mkdir(app.paths.themesDir, { recursive: true });
  await writeFile(join(app.paths.themesDir, "mine.json"), "{}");
  const theme = commandEntries(app).entries.find(({ name }) => name === "theme");
  const choices = (await theme?.complete?.()) ?? [];
  expect(choices).toContainEqual({ value: "mine", detail: "yours" });
  expect(choices[0]).toEqual({ value: "auto", detail: "dark or light, as the terminal is" });
});
