// Every list of the program with what it says of the item under the cursor, as each kind of terminal shows it.
import { describe, it } from "vitest";
import type { PickerName } from "../../../src/app/commands/command.ts";
import { expectScreens } from "./expect-screens.ts";
import { openSample, sampleRows, waitForPreview } from "./sample-desk.ts";
import { CLASS_NAMES } from "./theme-classes.ts";

type Sample = { name: string; list: PickerName; typed?: string; press?: string };

const LISTS: readonly Sample[] = [
  { name: "list-models", list: "model" },
  { name: "list-sessions", list: "session" },
  { name: "list-sessions-delete", list: "session", press: "ctrl+d" },
  { name: "list-runtimes", list: "runtime", typed: "codex" },
  { name: "list-themes", list: "theme" },
  { name: "list-tree", list: "tree" },
  { name: "list-runs", list: "run" },
  { name: "list-permissions", list: "permission-mode", typed: "npm" },
  {
    name: "list-permissions-remove",
    list: "permission-mode",
    typed: "rm",
    press: "ctrl+d",
  },
  // A word that few commands have, so that a new command changes no picture.
  { name: "list-commands", list: "command", typed: "queue" },
  { name: "list-files", list: "file", press: "end" },
  { name: "list-prompts", list: "prompt" },
  { name: "list-nothing-matches", list: "prompt", typed: "zzz" },
];

describe("on every kind of terminal", () => {
  it.each(LISTS)("$name is shown as it was", async ({ name, list, typed, press }) => {
    const sample = await openSample(list, typed);
    if (press !== undefined) sample.press(press);
    await waitForPreview(sample);
    const focus = sample.picker();
    for (const kind of CLASS_NAMES) {
      await expectScreens({ name, draw: (view) => sampleRows(focus, view) }, kind);
    }
  });
});
