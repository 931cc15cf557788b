// Every list of the program with what it says of the item under the cursor, as each kind of terminal shows it.
import { describe, expect, it, vi } from "vitest";
import type { PickerName } from "../../../src/app/commands/command.ts";
import { expectScreens } from "./expect-screens.ts";
import { openSample, sampleRows, waitForPreview } from "./sample-desk.ts";
import { CLASS_NAMES } from "./theme-classes.ts";

/** `until`: what the preview says once the list is there as it should be. */
type Sample = { name: string; list: PickerName; typed?: string; press?: string; until?: string };

const LISTS: readonly Sample[] = [
  { name: "list-models", list: "model" },
  { name: "list-sessions", list: "session" },
  { name: "list-sessions-delete", list: "session", press: "ctrl+d" },
  { name: "list-runtimes", list: "runtime", typed: "codex" },
  { name: "list-runtimes-missing", list: "runtime", typed: "gemini" },
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
  { name: "list-search", list: "search", typed: "crlf", until: "all 14 tests pass" },
  { name: "list-roles", list: "role" },
  { name: "list-system", list: "system", press: "down" },
  { name: "list-snapshots", list: "snapshot" },
  { name: "list-changes", list: "changes" },
  { name: "list-changes-discard", list: "changes", press: "ctrl+d" },
  { name: "list-nothing-matches", list: "prompt", typed: "zzz" },
];

describe("on every kind of terminal", () => {
  it.each(LISTS)("$name is shown as it was", async ({ name, list, typed, press, until = "" }) => {
    const sample = await openSample(list, typed);
    if (press !== undefined) sample.press(press);
    await waitForPreview(sample);
    await vi.waitFor(() => expect(JSON.stringify(sample.picker().preview ?? [])).toContain(until));
    const focus = sample.picker();
    for (const kind of CLASS_NAMES) {
      await expectScreens({ name, draw: (view) => sampleRows(focus, view) }, kind);
    }
  });
});
