// Vim's registers, marks, macros and blocks.
import { describe, expect, test } from "vitest";
import { EMPTY_COMPOSER } from "../../../src/tui/editor/composer-state.ts";
import { selectedRanges, vimLabel } from "../../../src/tui/editor/vim/vim-look.ts";
import { FIRST_VIM } from "../../../src/tui/editor/vim/vim-state.ts";
import { pressAll, shown, vimAt } from "./vim-driver.ts";

describe("registers", () => {
  test.each([
    ['"ayw"bx"ap', "|one two", "none| e two"],
    ['"ayyj"Ayy"ap', "|a\nb\nc", "a\nb\n|a\nb\nc"],
    ['"ayiww"Ayiw"aP', "|one two", "one onetw|otwo"],
    ['yiww"_diwP', "|one two", "oneon|e "],
    ['yiwwdiw"0P', "|one two", "oneon|e "],
    ['dd"1P', "|a\nb", "|a\nb"],
    ['dddd"2p', "|a\nb\nc", "c\n|a"],
    ['xw"-P', "|abc def", "bc |adef"],
    ['"add"bdd"aP', "|a\nb\nc", "|a\nc"],
    ['2"add"aP', "|a\nb\nc", "|a\nb\nc"],
    ['"a2dd"aP', "|a\nb\nc", "|a\nb\nc"],
    ['"zp', "a|b", "a|b"],
    ['"ayiw"ap.', "|ab", "aaba|bb"],
    ['yiwwv"zp', "|one two", "one |two"],
    ["yiwwviwPviwp", "|one two", "one on|e"],
    ["yyjvp", "|a\nbcd", "a\n\n|a\ncd"],
    ["2d2w", "|a b c d e", "|e"],
  ])("%s: %j becomes %j", (keys, before, after) => {
    const got = shown(pressAll(vimAt(before), keys).state);
    expect(got).toBe(after);
  });

  test("survive the sending of the prompt", () => {
    const { state } = pressAll(vimAt("|keep"), '"ayiw<CR>');
    expect(pressAll(state, '<Esc>"ap').state.editor.text).toBe("keep");
  });

  test('"+ writes to the clipboard, and reads it a moment later', () => {
    const { state, outcome } = pressAll(vimAt("|one two"), '"+yw');
    expect(outcome).toEqual({ type: "copy", text: "one " });
    const wanted = pressAll(state, '$"+p');
    expect(wanted.outcome?.type).toBe("clipboard");
    if (wanted.outcome?.type !== "clipboard") return;
    expect(shown(wanted.outcome.put(wanted.state, "X"))).toBe("one two|X");
    expect(shown(wanted.outcome.put(wanted.state, "a\nb\n"))).toBe("one two\n|a\nb");
    expect(shown(wanted.outcome.put(wanted.state, "one"))).toBe("one twoone| ");
    expect(shown(wanted.outcome.put(wanted.state, null))).toBe("one twoone| ");
  });
});

test("lines go to the clipboard with their last break, and are lines again also where it drops that", () => {
  const { state, outcome } = pressAll(vimAt("|one\ntwo"), '"+yy');
  expect(outcome).toEqual({ type: "copy", text: "one\n" });
  const wanted = pressAll(state, '"+p').outcome;
  if (wanted?.type !== "clipboard") throw new Error("no clipboard was asked for");
  expect(shown(wanted.put(state, "one"))).toBe("one\n|one\ntwo");
});

describe("marks", () => {
  test.each([
    ["ma$`a", "o|ne", "o|ne"],
    ["maG'a", "  o|ne\ntwo", "  |one\ntwo"],
    ["maGd`a", "o|ne\ntwo", "o|two"],
    ["maGd'a", "x\no|ne\ntwo\nend", "|x"],
    ["jma0k0ixx<Esc>`a", "o|ne\ntwo", "xxone\nt|wo"],
    ["wmabdw`a", "|one two", "|two"],
    ["G``", "o|ne\ntwo", "o|ne\ntwo"],
    ["`z", "o|ne", "o|ne"],
    ["vey0`>", "|one two", "on|e two"],
    ["Ax<Esc>0gi!<Esc>", "|ab", "abx|!"],
    ["vl<Esc>$gvd", "|abcd", "|cd"],
    ["*", "|one two one", "one two |one"],
    ["*n", "|one two one", "|one two one"],
    ["#", "one two one| x", "one two one| x"],
    ["*dN", "|a bb a c a", "|a c a"],
    ["g_", "|ab  ", "a|b  "],
    ["3|", "|abcd", "ab|cd"],
    [")", "|One. Two! Three", "One. |Two! Three"],
    ["2)(", "|One. Two! Three", "One. |Two! Three"],
    ["dis", "One. T|wo! Three", "One. | Three"],
    ["das", "One. T|wo! Three", "One. |Three"],
    ["dit", "<a><b>x|y</b></a>", "<a><b>|</b></a>"],
    ["d2it", "<a><b>x|y</b></a>", "<a>|</a>"],
    ["dat", "-<b class='x'>x|y</b>-", "-|-"],
    ["gJ", "|a\n  b", "a|  b"],
  ])("%s: %j becomes %j", (keys, before, after) => {
    expect(shown(pressAll(vimAt(before), keys).state)).toBe(after);
  });
});

describe("macros", () => {
  test.each([
    ["qaxq@a", "|abcdef", "|cdef"],
    ["qaxq2@a", "|abcdef", "|def"],
    ["qaxq@a@@", "|abcdef", "|def"],
    ["qaA!<Esc>jq@a", "|a\nb\nc", "a!\nb!\n|c"],
    ["qaA!<Esc>jq9@a", "|a\nb\nc", "a!\nb!\nc|!"],
    ["qaxqqAlxq@a", "|abcdefgh", "be|gh"],
    ["qaxq@au", "|abcd", "|bcd"],
    ["qafxxq99@a", "|axbxcxd", "abc|d"],
    ["qqqqqfxx@qq@q", "|axbxcxd", "abc|d"],
    ["@z", "|a", "|a"],
    ["qadwixy<Esc>q@a", "|one two", "x|yx"],
  ])("%s: %j becomes %j", (keys, before, after) => {
    expect(shown(pressAll(vimAt(before), keys).state)).toBe(after);
  });

  test("the label says that one is being recorded, and Escape inside it interrupts nothing", () => {
    const recording = pressAll(vimAt("|ab"), "qax<Esc>");
    expect(vimLabel(recording.state)).toBe("normal recording a");
    const { state, outcome } = pressAll(recording.state, "q@a");
    expect(outcome).toBeNull();
    expect(vimLabel(state)).toBe("normal");
    expect(state.editor.text).toBe("");
  });

  test("a macro that calls itself for ever ends", () => {
    const { state } = pressAll(vimAt("|a"), "qqqqqix<Esc>@qq@q");
    expect(state.editor.text.length).toBeGreaterThan(100);
    expect(state.vim?.mode).toBe("normal");
  });

  test("Enter in a macro sends", () => {
    const recorded = pressAll(vimAt("|a"), "qaihello<CR>");
    const { outcome } = pressAll(recorded.state, "<Esc>q@a");
    expect(outcome).toMatchObject({ type: "submit", content: { text: "hello" } });
  });
});

describe("blocks", () => {
  const three = "a|bcd\nefgh\nijkl";
  test.each([
    ["<C-v>jld", three, "a|d\neh\nijkl"],
    ["<C-v>jjx", three, "a|cd\negh\nikl"],
    ["<C-v>2jd", three, "a|cd\negh\nikl"],
    ["<C-v>jrx", three, "a|xcd\nexgh\nijkl"],
    ["<C-v>jjI# <Esc>", three, "a|# bcd\ne# fgh\ni# jkl"],
    ["<C-v>jj2I#<Esc>", three, "a|##bcd\ne##fgh\ni##jkl"],
    ["<C-v>jjA-<Esc>", three, "ab|-cd\nef-gh\nij-kl"],
    ["<C-v>jj$A;<Esc>", "a|b\nc\ndefg", "ab|;\nc;\ndefg;"],
    ["<C-v>jlA!<Esc>", "a|bc\nd\n", "ab|!c\nd !\n"],
    ["<C-v>jlcxy<Esc>", three, "a|xyd\nexyh\nijkl"],
    ["<C-v>jlcx<Esc>u", three, "a|bcd\nefgh\nijkl"],
    ["<C-v>jjIx<Esc>u", three, "a|bcd\nefgh\nijkl"],
    ["<C-v>jdu", three, "a|bcd\nefgh\nijkl"],
    ["<C-v>jj$d", three, "|a\ne\ni"],
    ["<C-v>jjIx<Esc>", "a|b\n\ncd", "a|xb\n\ncxd"],
    ["<C-v>jU", three, "a|Bcd\neFgh\nijkl"],
    ["<C-v>j>", three, "a|  bcd\ne  fgh\nijkl"],
    ["<C-v>jld$p", "|abc\ndef", "c|ab\nfde"],
    ["<C-v>jy$p", "|ab\nc", "ab|a\nc c"],
    ["<C-v>jyjp", "|ab\ncd", "ab\nc|ad\n c"],
    ["<C-v>jlohd", "ab|cd\nefgh", "|a\ne"],
    ["<C-v>jlOhd", "a|bcd\nefgh", "|d\nh"],
    ["<C-v>jdl.", "|abcd\nefgh", "b|d\nfh"],
    ["<C-v>jIx<Esc>ll.", "|abc\ndef", "xa|xbc\nxdxef"],
    ["<C-v>jd", "|中文\nab", "|文\n"],
    ["<C-v>j<C-v>x", "a|b\ncd", "ab\n|c"],
    ["vjj<C-v>d", "a|b\ncd\nef", "|a\nc\ne"],
    ["<C-v>j<Esc>Ggvd", "|ab\ncd", "|b\nd"],
    ['<C-v>j"ay"aP', "|ab\ncd", "|aab\nccd"],
    ["yiwj<C-v>jp", "|x\nab\ncd", "x\n|xb\nxd"],
    ["vwd.", "|one two one two x", "|e two x"],
    ["Vjdj.", "|a\nb\nc\nd\ne\nf", "c\n|f"],
  ])("%s: %j becomes %j", (keys, before, after) => {
    expect(shown(pressAll(vimAt(before), keys).state)).toBe(after);
  });

  test("show what they hold in each line, and take the key that pastes an image elsewhere", () => {
    const { state, outcome } = pressAll(vimAt("a|bc\nd\nefg"), "<C-v>jjl");
    expect(outcome).toBeNull();
    expect(vimLabel(state)).toBe("visual block");
    expect(selectedRanges(state)).toEqual([
      [1, 3],
      [5, 5],
      [7, 9],
    ]);
    const inserting = pressAll({ ...EMPTY_COMPOSER, vim: FIRST_VIM }, "<C-v>");
    expect(inserting.outcome).toEqual({ type: "action", action: "paste_image" });
  });
});
