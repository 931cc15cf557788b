import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { snapToBorder } from "../../../src/tui/editor/borders.ts";
import { reduceEditor } from "../../../src/tui/editor/buffer.ts";
import { EMPTY_COMPOSER } from "../../../src/tui/editor/composer-state.ts";
import { tokenFragment } from "../../../src/tui/editor/fragment.ts";
import { layoutText } from "../../../src/tui/editor/layout.ts";
import { pressKey } from "../../../src/tui/editor/press-key.ts";
import { FIRST_VIM } from "../../../src/tui/editor/vim/vim-state.ts";
import { hardText } from "./hard-text.ts";
import { context, pressAll, shown, vimAt } from "./vim-driver.ts";

describe("motions", () => {
  test.each([
    ["h", "ab|c", "a|bc"],
    ["l", "a|bc", "ab|c"],
    ["5l", "a|bc", "ab|c"],
    ["w", "|one two", "one |two"],
    ["w", "|one.two", "one|.two"],
    ["W", "|one.two three", "one.two |three"],
    ["2w", "|one two three", "one two |three"],
    ["w", "|one\n\ntwo", "one\n|\ntwo"],
    ["w", "|日本ひら", "日本|ひら"],
    ["b", "one tw|o", "one |two"],
    ["b", "one |two", "|one two"],
    ["B", "one.two |three", "|one.two three"],
    ["e", "|one two", "on|e two"],
    ["e", "on|e two", "one tw|o"],
    ["E", "|a.b c", "a.|b c"],
    ["ge", "one |two", "on|e two"],
    ["0", "a\n  b|c", "a\n|  bc"],
    ["^", "a\n  b|c", "a\n  |bc"],
    ["$", "|abc\nd", "ab|c\nd"],
    ["gg", "a\n  b\n|c", "|a\n  b\nc"],
    ["2gg", "a\n  b\n|c", "a\n  |b\nc"],
    ["G", "|a\nb\n c", "a\nb\n |c"],
    ["fc", "|abcabc", "ab|cabc"],
    ["2fc", "|abcabc", "abcab|c"],
    ["tc", "|abc", "a|bc"],
    ["Fa", "abca|bc", "abc|abc"],
    ["Ta", "abcab|c", "abca|bc"],
    ["fc;", "|abcabc", "abcab|c"],
    ["fc;,", "|abcabc", "ab|cabc"],
    ["tc;", "|abcabc", "abca|bc"],
    ["fz", "|abc", "|abc"],
    ["%", "|f(a[1])", "f(a[1]|)"],
    ["%", "f(a[1]|)", "f|(a[1])"],
    ["}", "|a\nb\n\nc", "a\nb\n|\nc"],
    ["{", "a\n\nb\n|c", "a\n|\nb\nc"],
    ["j", "a|b\ncd", "ab\nc|d"],
    ["k", "ab\nc|d", "a|b\ncd"],
    ["<BS>", "ab|c", "a|bc"],
    ["l", "|👩‍👩‍👧‍👦e\u0301", "👩‍👩‍👧‍👦|e\u0301"],
    ["+", "a|\n  b", "a\n  |b"],
  ])("%s: %j becomes %j", (keys, before, after) => {
    expect(shown(pressAll(vimAt(before), keys).state)).toBe(after);
  });
});

describe("changes", () => {
  test.each([
    ["x", "a|bc", "a|c"],
    ["2x", "|abc", "|c"],
    ["x", "ab|c", "a|b"],
    ["x", "|", "|"],
    ["X", "ab|c", "a|c"],
    ["x", "a|👍🏽b", "a|b"],
    ["rx", "a|bc", "a|xc"],
    ["2r文", "|abc", "文|文c"],
    ["9rx", "a|bc", "a|bc"],
    ["dw", "|one two", "|two"],
    ["dw", "one |two\nthree", "one| \nthree"],
    ["d2w", "|one two three", "|three"],
    ["2dw", "|one two three", "|three"],
    ["dd", "a\nb|b\nc", "a\n|c"],
    ["2dd", "a\n|b\nc\nd", "a\n|d"],
    ["dd", "a\n|b", "|a"],
    ["dd", "on|ly", "|"],
    ["D", "ab|cd\ne", "a|b\ne"],
    ["d$", "ab|cd", "a|b"],
    ["d0", "ab|cd", "|cd"],
    ["dj", "a\n|b\nc\nd", "a\n|d"],
    ["dk", "a\nb\n|c", "|a"],
    ["dG", "a\n|b\nc", "|a"],
    ["dgg", "a\n|b\nc", "|c"],
    ["dfc", "|abcd", "|d"],
    ["dtc", "|abcd", "|cd"],
    ["dFa", "ab|c", "|c"],
    ["d%", "f|(a)b", "f|b"],
    ["diw", "one t|wo three", "one | three"],
    ["daw", "one t|wo three", "one |three"],
    ["daw", "one t|wo", "on|e"],
    ['di"', 'say "a|b" x', 'say "|" x'],
    ['ci"z<Esc>', '|say "ab" x', 'say "|z" x'],
    ['da"', 'say "a|b" x', "say |x"],
    ["di(", "f(a, (|b), c)", "f(a, (|), c)"],
    ["d2i(", "f(a, (|b), c)", "f(|)"],
    ["da(", "f(a|b)c", "f|c"],
    ["ciBx<Esc>", "{ a|b }", "{|x}"],
    ["di[", "a[|1]", "a[|]"],
    ["dap", "a\nb|\n\nc", "|c"],
    ["dip", "|a\nb\n\nc", "|\nc"],
    ["ix<Esc>", "a|b", "a|xb"],
    ["ax<Esc>", "a|b", "ab|x"],
    ["Ix<Esc>", "  a|b", "  |xab"],
    ["Ax<Esc>", "|ab", "ab|x"],
    ["ox<Esc>", "|a\nb", "a\n|x\nb"],
    ["Ox<Esc>", "a\n|b", "a\n|x\nb"],
    ["3ix<Esc>", "|", "xx|x"],
    ["2ox<Esc>", "|a", "a\nx\n|x"],
    ["sx<Esc>", "|abc", "|xbc"],
    ["Cx<Esc>", "a|bc", "a|x"],
    ["Sx<Esc>", "a|bc\nd", "|x\nd"],
    ["ccx<Esc>", "a\nb|b\nc", "a\n|x\nc"],
    ["cwx<Esc>", "|one two", "|x two"],
    ["c2wx<Esc>", "|one two three", "|x three"],
    ["yyp", "|a\nb", "a\n|a\nb"],
    ["yyP", "a\n|b", "a\n|b\nb"],
    ["ddp", "|a\nb", "b\n|a"],
    ["yy2p", "|a", "a\n|a\na"],
    ["ywP", "|one two", "one| one two"],
    ["xp", "|abc", "b|ac"],
    ["x3p", "|ab", "baa|a"],
    ["J", "|a\n  b", "a| b"],
    ["3J", "|a\nb\nc", "a b| c"],
    ["~", "|aB", "A|B"],
    ["2~", "|aBc", "Ab|c"],
    [">>", "|a", "  |a"],
    ["<<", "  |a", "|a"],
    ["gUiw", "o|ne two", "|ONE two"],
    ["g~~", "|aB", "|Ab"],
    ["guu", "|AB", "|ab"],
    ["dw.", "|one two three", "|three"],
    ["xx.", "|abcd", "|d"],
    ["cwx<Esc>w.", "|one two", "x |x"],
    ["ix<Esc>.", "|", "|xx"],
    ["ox<Esc>.", "|a", "a\nx\n|x"],
    ["A!<Esc>j.", "|a\nb", "a!\nb|!"],
    ["x3.", "|abcdef", "|ef"],
    ["dwu", "|one two", "|one two"],
    ["cwxyz<Esc>u", "|one two", "|one two"],
    ["ione two three<Esc>u", "|", "|"],
    ["xxuu", "|abc", "|abc"],
    ["xxuu<C-r>", "|abc", "|bc"],
    ["d<Esc>w", "|one two", "one |two"],
    ["dz", "|one", "|one"],
    ['"ayw"aP', "|one two", "one| one two"],
    ["ma", "o|ne", "o|ne"],
    ["<C-k>", "a|bc", "|a"],
    ["i<C-a>x<Esc>", "a|b", "|xab"],
  ])("%s: %j becomes %j", (keys, before, after) => {
    expect(shown(pressAll(vimAt(before), keys).state)).toBe(after);
  });
});

describe("visual mode", () => {
  test.each([
    ["vd", "a|bc", "a|c"],
    ["vld", "|abc", "|c"],
    ["vbd", "one tw|o x", "one | x"],
    ["Vd", "a\nb|b\nc", "a\n|c"],
    ["Vjd", "|a\nb\nc", "|c"],
    ["vey$p", "|one two", "one twoon|e"],
    ["viwd", "o|ne two", "| two"],
    ["vi(cx<Esc>", "f(a|b)", "f(|x)"],
    ["vlohd", "a|bcd", "|d"],
    ["vU", "|ab", "|Ab"],
    ["v$r-", "|ab", "|--"],
    ["VjJ", "|a\nb", "a| b"],
    ["V>", "|a", "  |a"],
    ["yiwwviwp", "|one two", "one on|e"],
    ["v<Esc>x", "a|bc", "a|c"],
    ["vjk", "a|b\nc", "a|b\nc"],
  ])("%s: %j becomes %j", (keys, before, after) => {
    expect(shown(pressAll(vimAt(before), keys).state)).toBe(after);
  });
});

describe("keys of the modes", () => {
  test("Enter sends in normal mode, and the next line begins in insert mode", () => {
    const { state, outcome } = pressAll(vimAt("|hello"), "<CR>");
    expect(outcome).toMatchObject({ type: "submit", content: { text: "hello" } });
    expect(state.vim?.mode).toBe("insert");
  });

  test("Escape leaves insert mode, drops half a command, and interrupts only then", () => {
    const inserting = { ...EMPTY_COMPOSER, vim: FIRST_VIM };
    const normal = pressAll(inserting, "ab<Esc>");
    expect(normal).toMatchObject({ outcome: null, state: { vim: { mode: "normal" } } });
    const half = pressAll(normal.state, "2d");
    expect(half.state.vim?.pending).toEqual(["2", "d"]);
    const dropped = pressAll(half.state, "<Esc>");
    expect(dropped).toMatchObject({ outcome: null, state: { vim: { pending: [] } } });
    expect(pressAll(dropped.state, "<Esc>").outcome).toEqual({ type: "action", action: "interrupt" });
  });

  test("letters that came in one reading are commands until insert mode, then text", () => {
    const { state } = pressKey(vimAt("|one two"), { chord: null, text: "dwihey dw" }, context);
    expect(shown(state)).toBe("hey dw|two");
  });

  test("Escape with a letter in one reading is Escape and the letter, emacs keys stay what they are", () => {
    const inserting = pressAll(vimAt("one two|"), "A").state;
    expect(shown(pressAll(inserting, "<A-x>").state)).toBe("one t|w");
    expect(pressAll(inserting, "<A-b>").state.vim?.mode).toBe("insert");
  });

  test("a folded paste is one character and one word", () => {
    const token = tokenFragment("[pasted 20 lines #1]", { kind: "paste", text: "x\n".repeat(20) });
    const empty = vimAt("|");
    const editor = reduceEditor(empty.editor, { type: "insert", piece: token });
    const state = { ...empty, editor: reduceEditor(editor, { type: "move", to: 0 }) };
    expect(pressAll(state, "x").state.editor).toMatchObject({ text: "", tokens: [] });
    expect(pressAll(state, "xp").state.editor.tokens).toHaveLength(1);
    expect(pressAll(state, "diw").state.editor.text).toBe("");
    expect(pressAll(state, "~").state.editor.tokens).toHaveLength(1);
  });

  test("in the outer rows j and k walk through earlier prompts, and / searches them", () => {
    const begun = vimAt("|draft");
    const state = { ...begun, history: { ...begun.history, prompts: ["first", "second"] } };
    expect(pressAll(state, "k").state.editor.text).toBe("second");
    expect(pressAll(state, "kkj").state.editor.text).toBe("second");
    expect(pressAll(state, "kj").state.editor.text).toBe("draft");
    expect(pressAll(state, "/").state.search?.matches).toEqual(["second", "first"]);
  });
});

const LETTERS = [
  ..."hjklwbeWBE0^$GgfFtT;,iaIAoOxXrsSDCYdcypPuJ~.vV<>%{}()U23\"(p /mq@a`'_+nN*#|-st",
  "<C-v>",
  "<C-v>",
  "qa",
  "@a",
  "@@",
  '"A',
  "ma",
  "gv",
  "gi",
  "<Esc>",
  "<Esc>",
  "<C-r>",
  "<BS>",
  "<C-k>",
  "<C-y>",
  "<Up>",
  "é",
  "中",
  "👍🏽",
];

test("no row of keys leaves the cursor inside a character, breaks a token or loses the way back", () => {
  fc.assert(
    fc.property(hardText, fc.array(fc.constantFrom(...LETTERS), { maxLength: 40 }), (text, keys) => {
      const start = pressAll({ ...vimAt("|"), editor: { ...EMPTY_COMPOSER.editor, text } }, "0").state;
      let { state } = pressAll(start, keys.filter((key) => key !== "/").join(""));
      const { editor } = state;
      expect(snapToBorder(editor, editor.cursor)).toBe(editor.cursor);
      for (const token of editor.tokens) expect(token.end).toBeLessThanOrEqual(editor.text.length);
      const rows = layoutText(editor.text, 20);
      expect(rows.map(([from, to]) => editor.text.slice(from, to)).join("")).toBe(
        editor.text.replaceAll("\n", ""),
      );
      for (let count = 0; count < 500 && state.editor.past; count++) {
        state = { ...state, editor: reduceEditor(state.editor, { type: "edit", edit: "undo", width: 20 }) };
      }
      expect(state.editor.text).toBe(text);
    }),
    { numRuns: 300 },
  );
});
