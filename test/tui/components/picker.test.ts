import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textWidth } from "../../../src/lib/text-width.ts";
import { pickerHints } from "../../../src/tui/components/picker-hints.ts";
import { itemRow } from "../../../src/tui/components/picker-item-row.ts";
import { prepareMatching } from "../../../src/tui/components/picker-match.ts";
import { type PreviewLine, previewFact, previewLine } from "../../../src/tui/components/picker-preview.ts";
import { type PickerView, pickerRows } from "../../../src/tui/components/picker-rows.ts";
import {
  chosenItem,
  filterPicker,
  moveInPicker,
  openPicker,
  type PickerItem,
  type PickerState,
  replaceItems,
} from "../../../src/tui/components/picker-state.ts";
import { defaultKeybindings, parseKeybindings } from "../../../src/tui/keys/keybindings.ts";
import { asciiGlyphs } from "../../../src/tui/theme/glyphs.ts";
import { hardText, strayControls, testTheme, testView, visible } from "../theme/test-view.ts";

const WIDTHS = [40, 80, 120];
const look = (width: number) => testView(width - 1);

const SESSIONS: PickerItem<string>[] = [
  {
    value: "1",
    label: "parser: windows line endings",
    detail: "2 min ago  14 runs  native, codex",
    current: true,
  },
  { value: "2", label: "解析器：表格对齐", detail: "3 days ago  41 runs  native", current: false },
  { value: "3", label: "bench: parse 10 MB", detail: "8 days ago  6 runs  codex", current: false },
  {
    value: "4",
    label: "a long first prompt that nobody gave a name and that says what it wants near its end, the parser",
    detail: "9 days ago  1 run  native",
    current: false,
  },
];

const PREVIEW: PreviewLine[] = [
  {
    spans: [
      { text: "› ", token: "user" },
      { text: "the tests in src/parser fail on windows line endings", token: "text" },
    ],
    rows: 2,
  },
  previewLine("… edited src/parser/lines.ts, npm test green, changelog updated", "dim", 2),
  previewFact("files", "src/parser/lines.ts, CHANGELOG.md"),
];

const HINTS = ["Enter opens", "^F forks", "^R renames", "^D deletes", "Tab all projects", "Esc leaves"];

const TREE: PickerItem<string>[] = [
  { value: "1", label: "first", detail: "9 min ago", current: false, guides: [] },
  { value: "2", label: "one way", detail: "8 min ago", current: false, guides: ["fork"] },
  { value: "3", label: "on", detail: "7 min ago", current: false, guides: ["line"] },
  { value: "4", label: "another way", detail: "6 min ago", current: false, guides: ["last"] },
  { value: "5", label: "中文 goes on there", detail: "5 min ago", current: true, guides: ["gap"] },
];

const item = (label: string, change: Partial<PickerItem<string>> = {}): PickerItem<string> => ({
  value: label,
  label,
  detail: "",
  current: false,
  ...change,
});

const view = (picker: PickerState<string>, change: Partial<PickerView<string>> = {}): PickerView<string> => ({
  picker,
  hints: HINTS,
  ...change,
});

const text = (picker: PickerState<string>, width = 80): string =>
  visible(pickerRows(view(picker), 16, look(width))).join("\n");

function expectFits(rows: readonly string[], width: number): void {
  expect(rows.filter((row) => textWidth(row) >= width)).toEqual([]);
  expect(strayControls(rows)).toEqual([]);
  expect(rows.filter((row) => row !== row.trimEnd())).toEqual([]);
}

const filtered = filterPicker(openPicker("resume a session", SESSIONS), "pars");

describe("the rows of a picker", () => {
  it.each(WIDTHS)("show title, filter, count, items, preview and keys at %d columns", async (width) => {
    const plain = pickerRows(view(openPicker("resume a session", SESSIONS)), 16, look(width));
    const beside = pickerRows(view(filtered, { preview: PREVIEW, previewHeight: 6 }), 20, look(width));
    const tree = pickerRows(
      view(openPicker("the runs of this session", TREE), { preview: null }),
      16,
      look(width),
    );
    const question = pickerRows(
      view(filtered, { question: "y deletes it for good, any other key keeps it" }),
      16,
      look(width),
    );
    const parts = [plain, beside, tree, question];
    for (const rows of parts) expectFits(rows, width);
    const golden = `${parts.map((rows) => rows.join("\n")).join("\n\n")}\n`;
    await expect(golden).toMatchFileSnapshot(`../../golden/tui/picker-${width}.txt`);
  });

  it.each(["dark", "light", "high-contrast"])("in the colours of %s", async (name) => {
    const styled = testView(79, { theme: testTheme("truecolor", name) });
    const rows = pickerRows(view(filtered, { preview: PREVIEW, previewHeight: 6 }), 20, styled);
    expectFits(visible(rows), 80);
    const golden = `${rows.join("\n").replaceAll("\x1b", "␛")}\n`;
    await expect(golden).toMatchFileSnapshot(`../../golden/tui/picker-${name}.txt`);
  });

  it.each(["mono", "16"] as const)("where there are few colours or none: %s", async (depth) => {
    const styled = testView(79, { theme: testTheme(depth) });
    const rows = pickerRows(view(filtered, { preview: PREVIEW, previewHeight: 6 }), 20, styled);
    const golden = `${rows.join("\n").replaceAll("\x1b", "␛")}\n`;
    await expect(golden).toMatchFileSnapshot(`../../golden/tui/picker-${depth}.txt`);
  });

  it("show the end of what was typed where it is longer than its place, no character cut in two", () => {
    const typed = `${"word ".repeat(20)}👨‍👩‍👧‍👦解析器`;
    const rows = pickerRows(view(filterPicker(openPicker("sessions", SESSIONS), typed)), 16, look(40));
    expectFits(rows, 40);
    expect(rows[0]).toMatch(/👨‍👩‍👧‍👦解析器 +0 of 4$/);
    expect(rows[0]).not.toContain("\ufffd");
  });

  it("say so when nothing matches, with the count", () => {
    const none = filterPicker(openPicker("resume a session", SESSIONS), "zzzz");
    expect(text(none)).toMatch(/0 of 4[\s\S]*nothing matches/);
    expect(filterPicker(none, "").matches).toHaveLength(4);
  });

  it("say that it is looking while there are no items yet", () => {
    expect(text(openPicker("runtimes", []))).toContain("looking …");
  });

  it("keep the chosen item in sight in a low window", () => {
    const picker = moveInPicker(
      openPicker(
        "many",
        Array.from({ length: 40 }, (_, index) => item(`item ${index}.`)),
      ),
      38,
    );
    const rows = pickerRows(view(picker), 8, look(80));
    expect(rows).toHaveLength(8);
    expect(rows.join("\n")).toContain("item 38.");
  });

  it("stand still while one types: fewer matches take no fewer rows", () => {
    const all = openPicker("resume a session", SESSIONS);
    const heights = ["", "p", "pa", "par", "zzzz"].map(
      (query) => pickerRows(view(filterPicker(all, query), { preview: [] }), 16, look(80)).length,
    );
    expect(new Set(heights).size).toBe(1);
  });

  it("put the preview beside the list from 110 columns on, below it in a narrower window", () => {
    const rows = (width: number) =>
      visible(pickerRows(view(filtered, { preview: PREVIEW }), 20, look(width)));
    expect(rows(110)[1]).toMatch(/parser: windows.*│ › the tests/);
    expect(rows(109).some((row) => /parser: windows.*│/.test(row))).toBe(false);
    expect(rows(109).join("\n")).toMatch(/parser: windows[\s\S]*│ › the tests/);
  });

  it("give a title that does not fit rows of its own, whole", () => {
    const title = "This directory has settings of its own (.hearth). Trust it?";
    const rows = pickerRows(view(openPicker(title, SESSIONS)), 16, look(40));
    expectFits(rows, 40);
    expect(
      rows
        .slice(0, 2)
        .map((row) => row.trim())
        .join(" "),
    ).toBe(title);
  });

  it("leave out keys where there is no room, never half of one and never the way out", () => {
    expect(pickerRows(view(filtered), 16, look(40)).slice(-2)).toEqual([
      "  Enter opens  ^F forks  ^R renames",
      "  ^D deletes  Esc leaves",
    ]);
    // In a low window the list has more use for the second row.
    expect(pickerRows(view(filtered), 9, look(40)).at(-1)).toBe("  Enter opens  ^F forks  Esc leaves");
  });

  it("show a question with few answers without a filter until something is typed", () => {
    const few = { ...view(openPicker("Whose key is it?", SESSIONS)), isShort: true };
    expect(pickerRows(few, 16, look(80))[0]).toBe("  Whose key is it?");
    const typed = { ...few, picker: filterPicker(few.picker, "par") };
    expect(pickerRows(typed, 16, look(80))[0]).toContain("› par");
  });

  it("draw a tree in ASCII where there is nothing else, and no tree in a filtered list", () => {
    const ascii = testView(79, { glyphs: asciiGlyphs });
    const tree = openPicker("runs", TREE);
    expect(pickerRows(view(tree), 16, ascii).join("\n")).toMatch(
      /\+- one way[\s\S]*\| {2}on [\s\S]*`- another way/,
    );
    expect(pickerRows(view(filterPicker(tree, "way")), 16, ascii).join("\n")).not.toMatch(/\+-|`-/);
  });
});

describe("a row of a picker", () => {
  const row = (one: PickerItem<string>, query: string, width: number, selected = false): string =>
    itemRow(one, { query, selected, column: width - 6 }, testView(width, { theme: testTheme("truecolor") }));
  /** The letters in bold: those that were looked for. */
  const marked = (painted: string): string =>
    [...painted.matchAll(/\x1b\[1m\x1b\[38[^m]*m(.*?)\x1b\[39m/g)].map((match) => match[1]).join("");

  it("sets off the letters that match, in the label and in the detail", () => {
    expect(marked(row(item("parser: tables"), "ptab", 60))).toBe("ptab");
    const both = itemRow(
      item("parser", { detail: "3 days  codex" }),
      { query: "parser codex", selected: false, column: 20 },
      testView(60, { theme: testTheme("truecolor") }),
    );
    expect(marked(both)).toBe("parsercodex");
  });

  it("sets off wide characters and emoji as a whole", () => {
    const painted = row(item("解析器 👨‍👩‍👧‍👦 tables"), "析", 60);
    expect(marked(painted)).toBe("析");
    expect(visible([painted])[0]?.trim()).toBe("解析器 👨‍👩‍👧‍👦 tables");
  });

  it("underlines them in the chosen row, where the colour is the row's own", () => {
    expect(row(item("parser"), "par", 60, true)).toContain("\x1b[4mpar\x1b[24m");
  });

  it("keeps both ends of a path, the beginning of anything else", () => {
    const long = "src/tui/components/very/deep/folder/of/parts/picker-rows.ts";
    const shown = (change: Partial<PickerItem<string>>) =>
      visible([row(item(long, change), "", 40)])[0]?.trim();
    expect(shown({ path: true })).toMatch(/^src\/.*….*picker-rows\.ts$/);
    expect(shown({})).toMatch(/^src\/tui\/components\/very.*…$/);
  });

  it("shows the place that matches where it would be cut off", () => {
    const long = `${"nothing to see here ".repeat(4)}needle and more of it behind that goes on and on`;
    const shown = visible([row(item(long), "needle", 50)])[0] ?? "";
    expect(shown).toMatch(/^ +….*needle.*…$/);
    expect(textWidth(shown)).toBeLessThanOrEqual(50);
  });
});

describe("the keys of a picker", () => {
  it("are named as they are bound, those without a key left out", () => {
    const run = (): void => undefined;
    const keys = [
      { action: "picker_fork", label: "forks", run },
      { action: "picker_rename", label: "renames", run },
    ] as const;
    const said = (json: string) => pickerHints({ verb: "opens", keys }, parseKeybindings(json, "keys.json"));
    expect(pickerHints({ verb: "opens", keys }, defaultKeybindings())).toEqual([
      "Enter opens",
      "^F forks",
      "^R renames",
      "Esc leaves",
    ]);
    expect(said('{"picker_fork": ["alt+f"], "picker_rename": []}')).toEqual([
      "Enter opens",
      "Alt+F forks",
      "Esc leaves",
    ]);
  });
});

describe("the state of a picker", () => {
  it("keeps the order of items that match equally well", () => {
    const items = Array.from({ length: 30 }, (_, index) => item("fix the parser", { value: `${index}` }));
    const found = filterPicker(openPicker("resume a session", items), "parser");
    expect(found.matches.map(({ value }) => value)).toEqual(items.map(({ value }) => value));
  });

  it("finds the best 200 of a long list and says how many there are", () => {
    const items = Array.from({ length: 5_000 }, (_, index) => item(`src/part-${index}.ts`));
    const found = filterPicker(openPicker("files", items), "part-4999");
    expect(chosenItem(found)?.label).toBe("src/part-4999.ts");
    const many = filterPicker(found, "part");
    expect([many.matches.length, many.total, many.items.length]).toEqual([200, 5_000, 5_000]);
  });

  it("finds what lies far down a very long list first when it fits best, the list prepared or not", async () => {
    const items = Array.from({ length: 12_000 }, (_, index) => item(`src/a-${index}.ts`));
    items.push(item("zebra"), item("src/zebra.ts"));
    const cold = filterPicker(openPicker("files", items), "zebra");
    const again = [...items];
    await prepareMatching(again, new AbortController().signal);
    const warm = filterPicker(openPicker("files", again), "zebra");
    for (const { matches, total } of [cold, warm]) {
      expect([matches.map(({ label }) => label), total]).toEqual([["zebra", "src/zebra.ts"], 2]);
    }
  });

  it("begins at the current item, also when it comes later", () => {
    const items = SESSIONS.map((one) => ({ ...one, current: one.value === "3" }));
    expect(openPicker("sessions", items).selected).toBe(2);
    expect(replaceItems(openPicker<string>("sessions", []), items).selected).toBe(2);
  });

  it("keeps the chosen item while others come and go, and the place when it goes itself", () => {
    const chosen = moveInPicker(openPicker("sessions", SESSIONS), 2);
    const shifted = replaceItems(chosen, [item("new"), ...SESSIONS]);
    expect(chosenItem(shifted)?.value).toBe("3");
    const without = replaceItems(
      chosen,
      SESSIONS.filter(({ value }) => value !== "3"),
    );
    expect(chosenItem(without)?.value).toBe("4");
    expect(replaceItems(chosen, []).selected).toBe(0);
  });

  type Step = { type: "query" | "items" | "move"; text: string; labels: string[]; by: number };
  const step: fc.Arbitrary<Step> = fc.record({
    type: fc.constantFrom("query", "items", "move"),
    text: fc.oneof(hardText, fc.string({ maxLength: 3 })),
    labels: fc.array(hardText, { maxLength: 12 }),
    by: fc.oneof(
      fc.integer({ min: -20, max: 20 }),
      fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    ),
  });
  const after = (
    picker: PickerState<string>,
    { type, text: query, labels, by }: Step,
  ): PickerState<string> => {
    switch (type) {
      case "query":
        return filterPicker(picker, query);
      case "move":
        return moveInPicker(picker, by);
      case "items":
        return replaceItems(
          picker,
          labels.map((label, index) =>
            item(label, { value: `${index}`, detail: query, current: index === 3 }),
          ),
        );
    }
  };

  it("always has a valid selection, and rows that fit, whatever is typed and whatever arrives", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 12 }),
        fc.integer({ min: 24, max: 140 }),
        fc.integer({ min: 5, max: 24 }),
        (steps, width, maxRows) => {
          let picker = openPicker<string>("choose", []);
          for (const one of steps) {
            picker = after(picker, one);
            const { matches, selected, total } = picker;
            expect(selected).toBeGreaterThanOrEqual(0);
            expect(selected).toBeLessThan(Math.max(1, matches.length));
            expect(total).toBeGreaterThanOrEqual(matches.length);
            expect(chosenItem(picker) === undefined).toBe(matches.length === 0);
            const preview = [previewLine(one.text), previewFact("fact", one.text)];
            const rows = pickerRows(view(picker, { preview }), maxRows, look(width));
            expect(rows.length).toBeLessThanOrEqual(Math.max(5, maxRows));
            expect(rows.filter((row) => textWidth(row) >= width)).toEqual([]);
            expect(strayControls(rows)).toEqual([]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
