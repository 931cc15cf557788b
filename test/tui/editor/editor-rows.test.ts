import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { textWidth } from "../../../src/lib/text-width.ts";
import { EMPTY_EDITOR, reduceEditor } from "../../../src/tui/editor/buffer.ts";
import { completionRows, searchRows } from "../../../src/tui/editor/completion-rows.ts";
import { editorRows } from "../../../src/tui/editor/editor-rows.ts";
import { tokenFragment } from "../../../src/tui/editor/fragment.ts";
import { defaultKeybindings } from "../../../src/tui/keys/keybindings.ts";
import { unicodeGlyphs } from "../../../src/tui/theme/glyphs.ts";
import { strayControls, testTheme, visible } from "../theme/test-view.ts";
import { hardText } from "./hard-text.ts";

const look = (width: number, depth: "none" | "256" = "none") => ({
  theme: testTheme(depth),
  glyphs: unicodeGlyphs,
  width,
});
const editor = (text: string, cursor = text.length) => ({ ...EMPTY_EDITOR, text, cursor });
const rowsOf = (text: string, cursor: number, width: number, maxRows = 10, drawCursor = false) =>
  editorRows(
    { editor: editor(text, cursor), placeholder: "say what to do", maxRows, drawCursor },
    look(width),
  );

describe("the rows of the input", () => {
  test("begin with a sign, and go on below the text", () => {
    expect(rowsOf("one two three\nfour", 15, 13)).toEqual({
      rows: ["› one two ", "  three", "  four"],
      cursor: { x: 3, y: 2 },
    });
  });

  test("of an empty input show what could be written", () => {
    expect(rowsOf("", 0, 40)).toEqual({ rows: ["› say what to do"], cursor: { x: 2, y: 0 } });
  });

  test("show what is selected in inverse video, over rows and on empty lines", () => {
    const text = "one two three\n\nfour";
    const view = { editor: editor(text, 15), placeholder: "", maxRows: 5, drawCursor: false };
    const { rows } = editorRows({ ...view, selected: [[4, 17]] }, look(13, "256"));
    const inverse = rows.map((row) => [...row.matchAll(/\x1b\[7m(.*?)\x1b\[27m/g)].map(([, shown]) => shown));
    expect(inverse).toEqual([["two "], ["three"], [" "], ["fo"]]);
    expect(visible(rows)).toEqual(["› one two ", "  three", "   ", "  four"]);
  });

  test("of a long text are those around the cursor", () => {
    const text = Array.from({ length: 30 }, (_, index) => `line ${index}`).join("\n");
    expect(rowsOf(text, 0, 40, 3)).toEqual({
      rows: ["› line 0", "  line 1", "  line 2"],
      cursor: { x: 2, y: 0 },
    });
    expect(rowsOf(text, text.length, 40, 3)).toEqual({
      rows: ["  line 27", "  line 28", "  line 29"],
      cursor: { x: 9, y: 2 },
    });
    expect(rowsOf(text, text.indexOf("line 15"), 40, 3).rows).toEqual([
      "  line 14",
      "  line 15",
      "  line 16",
    ]);
  });

  test("are narrower than the window, hold no control character, and the cursor is in them", () => {
    fc.assert(
      fc.property(
        hardText,
        fc.nat(),
        fc.integer({ min: 20, max: 60 }),
        fc.boolean(),
        (text, seed, width, drawCursor) => {
          const typed = reduceEditor(EMPTY_EDITOR, { type: "type", text });
          const moves = Array.from(
            { length: seed % 7 },
            () => ({ type: "edit", edit: "cursor_left", width }) as const,
          );
          const state = moves.reduce(reduceEditor, typed);
          const { rows, cursor } = editorRows(
            { editor: state, placeholder: "", maxRows: 5, drawCursor },
            look(width, "256"),
          );
          expect(rows.length).toBeLessThanOrEqual(5);
          for (const row of visible(rows)) expect(textWidth(row)).toBeLessThan(width);
          expect(strayControls(rows)).toEqual([]);
          expect(cursor.y).toBeLessThan(rows.length);
          expect(cursor.x).toBeLessThan(width);
        },
      ),
    );
  });

  test("show a token in a colour, whole under a drawn cursor", () => {
    const piece = tokenFragment("[pasted 12 lines #1]", { kind: "paste", text: "" });
    const state = reduceEditor(EMPTY_EDITOR, { type: "insert", piece });
    const before = reduceEditor(state, { type: "edit", edit: "cursor_left", width: 40 });
    const view = { placeholder: "", maxRows: 3, drawCursor: true };
    expect(editorRows({ editor: before, ...view }, look(40, "256")).rows[0]).toContain(
      "\x1b[7m[pasted 12 lines #1]\x1b[27m",
    );
    expect(editorRows({ editor: state, ...view }, look(40, "256")).rows[0]).toContain("\x1b[7m \x1b[27m");
  });
});

describe("the rows above it", () => {
  const target = { kind: "command", query: "", range: [0, 1] } as const;
  const items = Array.from({ length: 20 }, (_, index) => ({
    label: `/command-${index}`,
    detail: "what it does, told at some length",
    insert: "",
  }));

  test("are the items around the chosen one, their details in one column", () => {
    const rows = completionRows({ target, items, selected: 9, moved: true }, 3, look(60));
    expect(rows).toEqual([
      "   /command-8   what it does, told at some length",
      "   /command-9   what it does, told at some length ",
      "   /command-10  what it does, told at some length",
    ]);
  });

  test("fit the window", () => {
    for (const width of [20, 40, 80, 120]) {
      const rows = completionRows({ target, items, selected: 0, moved: false }, 8, look(width));
      const search = { query: "x".repeat(100), matches: ["a\nb".repeat(60), "\x1b[31m"], selected: 0 };
      const found = searchRows(search, { bindings: defaultKeybindings(), maxRows: 6 }, look(width));
      for (const row of visible([...rows, ...found]))
        expect(textWidth(row)).toBeLessThan(Math.max(width, 26));
    }
  });

  test("are the search with its keys", () => {
    const search = { query: "pars", matches: ["fix the parser", "parse\nall"], selected: 1 };
    expect(searchRows(search, { bindings: defaultKeybindings(), maxRows: 6 }, look(60))).toEqual([
      "  earlier prompts › pars",
      "   fix the parser",
      "   parse all ",
      "  2 of 2 · Ctrl+R older · Enter takes it · Esc back",
    ]);
  });
});
