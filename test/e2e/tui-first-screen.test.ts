// The first thing a person without a key sees, at every width, as it was when somebody last looked at it.
import { test } from "vitest";
import { expectGolden } from "../support/golden.ts";
import { newPlace } from "../support/hearth.ts";
import { startTui } from "./tui-driver.ts";

const NO_KEYS = {
  ANTHROPIC_API_KEY: "",
  OPENAI_API_KEY: "",
  GEMINI_API_KEY: "",
  GOOGLE_API_KEY: "",
  OPENROUTER_API_KEY: "",
};

test.each([40, 80, 120])("the first run is shown as it was at %d columns", async (columns) => {
  const tui = await startTui([], { place: await newPlace(), env: NO_KEYS, columns, rows: 24 });
  await tui.waitFor(/No key[\s\S]*of OpenRou/);
  const rows = tui.screen();
  // Above it stand the version and the folder, which differ from place to place.
  const first = rows.findIndex((row) => row.includes("No key"));
  const status = rows.findLastIndex((row) => row !== "");
  await expectGolden(`tui/first-screen-${columns}`, rows.slice(first, status).join("\n").trimEnd());
});
