// Every token of every theme as each class of terminal gets it, and the status line in them, to be compared by eye.
import { describe, expect, it } from "vitest";
import { statusRow } from "../../../src/tui/components/status-line.ts";
import { choosePaint } from "../../../src/tui/look-of.ts";
import { createTheme } from "../../../src/tui/theme/theme.ts";
import { loadTheme, SHIPPED_THEMES, THEME_TOKENS } from "../../../src/tui/theme/theme-file.ts";
import { NOW_MS, workingState } from "../components/sample-state.ts";
import { testView } from "./test-view.ts";

const DEPTHS = ["truecolor", "256", "16", "mono", "none"] as const;

/** What a terminal says of itself. */
const TERMINALS = [
  ["truecolor", { TERM: "xterm-256color", COLORTERM: "truecolor" }],
  ["256 colours", { TERM: "xterm-256color" }],
  ["16 colours", { TERM: "xterm" }],
  ["NO_COLOR", { TERM: "xterm-256color", COLORTERM: "truecolor", NO_COLOR: "1" }],
  ["TERM=linux", { TERM: "linux" }],
  ["TERM=dumb", { TERM: "dumb" }],
] as const;

const shown = (text: string): string => text.replaceAll("\x1b", "␛");

describe("themes", () => {
  it.each(SHIPPED_THEMES)("%s, token by token", async (name) => {
    const themes = DEPTHS.map((depth) => createTheme(loadTheme(name), depth));
    const rows = THEME_TOKENS.map((token) =>
      [token.padEnd(16), ...themes.map(({ style }) => shown(style[token]("x")))].join("  ").trimEnd(),
    );
    await expect(`${rows.join("\n")}\n`).toMatchFileSnapshot(`../../golden/tui/theme-${name}.txt`);
  });
});

describe("the status line", () => {
  it("at 40, 80 and 120 columns in each class of terminal", async () => {
    const facts = { state: workingState(), contextWindow: 200_000, branch: "main*", nowMs: NOW_MS };
    const rows = TERMINALS.flatMap(([name, env]) => {
      const paint = choosePaint({
        env: { ...env, LANG: "C.UTF-8" },
        theme: "auto",
        themesDir: "",
        plain: false,
      });
      return [name, ...[40, 80, 120].map((width) => shown(statusRow(facts, testView(width - 1, paint))))];
    });
    await expect(`${rows.join("\n")}\n`).toMatchFileSnapshot("../../golden/tui/status-terminals.txt");
  });
});
