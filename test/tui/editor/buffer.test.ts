import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextBorder, snapToBorder } from "../../../src/tui/editor/borders.ts";
import {
  type EditName,
  type EditorAction,
  type EditorState,
  EMPTY_EDITOR,
  isEditName,
  reduceEditor,
} from "../../../src/tui/editor/buffer.ts";
import { expandFragment, plainFragment, tokenFragment } from "../../../src/tui/editor/fragment.ts";
import { KEY_ACTIONS } from "../../../src/tui/keys/keys.ts";
import { hardText } from "./hard-text.ts";

const WIDTH = 20;
const EDITS = ["newline", ...KEY_ACTIONS.map(({ action }) => action)].filter(isEditName);

/** A state with the cursor at `|`. */
function editor(marked: string): EditorState {
  const cursor = marked.indexOf("|");
  const text = marked.replace("|", "");
  return { ...EMPTY_EDITOR, text, cursor: cursor === -1 ? text.length : cursor };
}

const shown = ({ text, cursor }: EditorState): string => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

const edit = (state: EditorState, ...edits: EditName[]): EditorState =>
  edits.reduce((current, name) => reduceEditor(current, { type: "edit", edit: name, width: WIDTH }), state);

const type = (state: EditorState, ...texts: string[]): EditorState =>
  texts.reduce((current, text) => reduceEditor(current, { type: "type", text }), state);

describe("one edit", () => {
  test.each<[EditName, string, string]>([
    ["cursor_left", "a👨‍👩‍👧‍👦|b", "a|👨‍👩‍👧‍👦b"],
    ["cursor_right", "a|e\u0301b", "ae\u0301|b"],
    ["cursor_right", "a|\nb", "a\n|b"],
    ["word_left", "one two_x |.. y", "one |two_x .. y"],
    ["word_left", "one\n  |two", "|one\n  two"],
    ["word_right", "one| -- two three", "one -- two| three"],
    ["word_right", "one|\ntwo", "one\ntwo|"],
    ["line_start", "a\nbc|d", "a\n|bcd"],
    ["line_end", "a\nb|cd\ne", "a\nbcd|\ne"],
    ["text_start", "a\nb|c", "|a\nbc"],
    ["text_end", "a|\nbc", "a\nbc|"],
    ["newline", "a|b", "a\n|b"],
    ["delete_back", "a🇩🇪|b", "a|b"],
    ["delete_back", "|a", "|a"],
    ["delete_forward", "a|e\u0301b", "a|b"],
    ["kill_to_end", "a|bc\nd", "a|\nd"],
    ["kill_to_end", "a|\nd", "a|d"],
    ["kill_to_start", "a\nbc|d", "a\n|d"],
    ["kill_to_start", "a\n|d", "a|d"],
    ["kill_word_back", "foo bar-baz|", "foo bar-|"],
    ["kill_word_forward", "foo| bar baz", "foo| baz"],
    ["kill_blank_back", "foo bar-baz  |x", "foo |x"],
    ["kill_blank_back", "foo\n|x", "foo|x"],
    ["cursor_up", "one\ntw|o", "on|e\ntwo"],
    ["cursor_up", "on|e", "|one"],
    ["cursor_down", "one\ntw|o", "one\ntwo|"],
    ["transpose", "ab|cd", "acb|d"],
    ["transpose", "abc|", "acb|"],
    ["transpose", "a👩‍👩‍👧‍👦|\nx", "👩‍👩‍👧‍👦a|\nx"],
    ["transpose", "|ab", "|ab"],
    ["transpose", "a|", "a|"],
    ["transpose", "a\n|b", "a\n|b"],
    ["word_upper", "one |two three", "one TWO| three"],
    ["word_lower", "|ONE TWO", "one| TWO"],
    ["word_capital", "one| tWO three", "one Two| three"],
    ["word_upper", "one|", "one|"],
    ["undo", "a|", "a|"],
    ["yank", "a|", "a|"],
  ])("%s: %j becomes %j", (name, before, after) => {
    expect(shown(edit(editor(before), name))).toBe(after);
  });
});

describe("moving by rows", () => {
  test("keeps the column over shorter lines", () => {
    const up = edit(editor("longer line\nx\nanother lin|e"), "cursor_up", "cursor_up");
    expect(shown(up)).toBe("longer line|\nx\nanother line");
    expect(shown(edit(up, "cursor_down", "cursor_down"))).toBe("longer line\nx\nanother lin|e");
  });

  test("goes by the rows of a wrapped line, and by columns where characters are wide", () => {
    const wrapped = edit(editor("one two three four five six|"), "cursor_up");
    expect(shown(wrapped)).toBe("one two |three four five six");
    expect(shown(edit(editor("中文字\nabcd|"), "cursor_up"))).toBe("中文|字\nabcd");
  });
});

describe("cutting and pasting what was cut", () => {
  test("cuts in a row make one piece, in the order of the text", () => {
    const cut = edit(editor("one two| three"), "kill_word_back", "kill_word_back", "kill_to_end");
    expect(cut.text).toBe("");
    expect(edit(cut, "yank").text).toBe("one two three");
  });

  test("older cuts come round one after the other", () => {
    let state = edit(editor("one|"), "kill_to_start");
    state = edit(type(state, "two"), "kill_to_start");
    state = edit(type(state, "three"), "kill_to_start", "yank");
    const seen = [state.text];
    for (let count = 0; count < 3; count++) {
      state = edit(state, "yank_pop");
      seen.push(state.text);
    }
    expect(seen).toEqual(["three", "two", "one", "three"]);
    expect(edit(editor("a|"), "yank_pop").text).toBe("a");
  });
});

describe("undo and redo", () => {
  test("typing is undone a word at a time", () => {
    const state = type(EMPTY_EDITOR, ..."fix the bug");
    expect(edit(state, "undo").text).toBe("fix the ");
    expect(edit(state, "undo", "undo").text).toBe("fix ");
    expect(edit(state, "undo", "undo", "undo").text).toBe("");
    expect(edit(state, "undo", "undo", "redo").text).toBe("fix the ");
  });

  test("a new edit forgets what was undone", () => {
    const state = type(edit(type(EMPTY_EDITOR, "a", " ", "b"), "undo"), "c");
    expect(edit(state, "redo")).toEqual(state);
  });
});

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(...EDITS).map((name) => ({ type: "edit" as const, edit: name, width: WIDTH })),
  },
  { weight: 2, arbitrary: hardText.map((text) => ({ type: "type" as const, text })) },
  {
    weight: 1,
    arbitrary: fc.tuple(hardText, fc.nat(99)).map(([text, number]) => ({
      type: "insert" as const,
      piece: tokenFragment(`[pasted 12 lines #${number}]`, { kind: "paste", text }),
    })),
  },
  { weight: 1, arbitrary: hardText.map((text) => ({ type: "set" as const, piece: plainFragment(text) })) },
);
const steps = fc.array(step, { maxLength: 40 });

const content = ({ text, cursor, tokens }: EditorState) => ({ text, cursor, tokens });

/** The states that undo has to come back to: those before each step of its own. Undo and redo are left out. */
function perform(actions: readonly EditorAction[]): { state: EditorState; seen: EditorState[] } {
  const seen: EditorState[] = [EMPTY_EDITOR];
  let state = EMPTY_EDITOR;
  for (const action of actions) {
    if (action.type === "edit" && ["undo", "redo"].includes(action.edit)) continue;
    const next = reduceEditor(state, action);
    // Typing may join the step before, and a mere move is no step: then only the place where it ends changes.
    seen.splice(-1, 1, ...(next.past === state.past ? [next] : [state, next]));
    state = next;
  }
  return { state, seen };
}

describe("whatever keys come", () => {
  test("the cursor stands between characters and outside tokens, and tokens are their labels", () => {
    fc.assert(
      fc.property(steps, (actions) => {
        let state = EMPTY_EDITOR;
        for (const action of actions) {
          state = reduceEditor(state, action);
          expect(snapToBorder(state, state.cursor)).toBe(state.cursor);
          for (const token of state.tokens) {
            expect(state.text.slice(token.start, token.end)).toMatch(/^\[pasted 12 lines #\d+\]$/);
            expect(state.cursor <= token.start || state.cursor >= token.end).toBe(true);
          }
        }
      }),
    );
  });

  test("without tokens, places for the cursor are those of Intl.Segmenter", () => {
    const segmenter = new Intl.Segmenter();
    fc.assert(
      fc.property(hardText, (hard) => {
        // A carriage return before a line feed is shown as a sign of its own, and may be deleted by itself.
        const text = hard.replaceAll("\r", "");
        const wanted = [...segmenter.segment(text)].map(({ index }) => index).slice(1);
        const found: number[] = [];
        for (let at = nextBorder(plainFragment(text), 0); at < text.length; ) {
          found.push(at);
          at = nextBorder(plainFragment(text), at);
        }
        expect(found).toEqual(wanted);
      }),
    );
  });

  test("what is cut and put back leaves the text as it was, from any place and by any cut", () => {
    const cuts = EDITS.filter((name) => name.startsWith("kill_"));
    fc.assert(
      fc.property(
        // A mark at the beginning of a line joins what stands before it once the line break is cut: no cursor fits between.
        hardText.filter((text) => !/\n(?:\p{M}|\u200d)/u.test(text)),
        fc.nat(),
        fc.array(fc.constantFrom(...cuts), { maxLength: 5 }),
        (text, at, names) => {
          const cursor = snapToBorder(plainFragment(text), at % (text.length + 1));
          const cut = edit({ ...EMPTY_EDITOR, text, cursor }, ...names);
          const whole = cut.text === text ? cut : edit(cut, "yank");
          expect(whole.text).toBe(text);
        },
      ),
    );
  });

  test("undo goes back through the very same states, and redo forth", () => {
    fc.assert(
      fc.property(steps, (actions) => {
        const { state: whole, seen } = perform(actions);
        let state = whole;
        for (const before of seen.slice(0, -1).reverse()) {
          state = edit(state, "undo");
          expect(content(state)).toEqual(content(before));
        }
        expect(state.text).toBe("");
        for (const _ of seen.slice(1)) state = edit(state, "redo");
        expect(content(state)).toEqual(content(whole));
      }),
    );
  });

  test("typing a character and deleting it changes nothing", () => {
    fc.assert(
      fc.property(hardText, fc.nat(), fc.constantFrom("a", "中", "👍", " ", "\n"), (text, seed, typed) => {
        const cursor = snapToBorder(plainFragment(text), seed % (text.length + 1));
        const before = { ...EMPTY_EDITOR, text, cursor };
        const there = type(before, typed);
        // A mark behind the cursor joins the new character; then both are one, and go together.
        fc.pre(there.cursor === cursor + typed.length && nextBorder(there, cursor) === there.cursor);
        fc.pre(snapToBorder(there, cursor) === cursor);
        const back = edit(there, "delete_back");
        expect(back.text).toBe(text);
      }),
    );
  });

  test("tokens expand to exactly what was pasted", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hardText, hardText), { maxLength: 6 }), (parts) => {
        let state = EMPTY_EDITOR;
        let wanted = "";
        for (const [index, [typed, pasted]] of parts.entries()) {
          state = type(state, typed);
          state = edit(state, "text_end");
          const piece = tokenFragment(`[pasted 12 lines #${index}]`, { kind: "paste", text: pasted });
          state = reduceEditor(state, { type: "insert", piece });
          wanted += typed + pasted;
        }
        expect(expandFragment(state)).toBe(wanted);
        const moved = edit(state, "text_start", "kill_to_end", "kill_to_end", "kill_to_end", "yank");
        if (moved.killed.length > 0) expect(expandFragment(moved)).toBe(wanted);
      }),
    );
  });
});
