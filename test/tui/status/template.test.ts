import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textWidth } from "../../../src/lib/text-width.ts";
import { statusRow } from "../../../src/tui/components/status-line.ts";
import {
  fillTemplate,
  parseTemplate,
  STATUS_FIELDS,
  type StatusValues,
  templateProblem,
} from "../../../src/tui/status/template.ts";
import { asciiGlyphs } from "../../../src/tui/theme/glyphs.ts";
import { NOW_MS, queueItem, workingState } from "../components/sample-state.ts";
import { testView } from "../theme/test-view.ts";

// fromEntries forgets which keys it was given: all fields.
const NOTHING = Object.fromEntries(STATUS_FIELDS.map((field) => [field, ""])) as StatusValues;

function fill(template: string, values: Partial<StatusValues>, width = 100): string {
  return fillTemplate(parseTemplate(template), { ...NOTHING, ...values }, { width, dot: "·", ellipsis: "…" });
}

const ALL = { state: "idle", model: "opus", context: "23", cost: "$1", branch: "main", mode: "ask" };

describe("a template", () => {
  it.each([
    ["{state} · {model}", ALL, "idle · opus"],
    ["{state} · {thinking} · {model}", ALL, "idle · opus"],
    ["{thinking} · {state}", ALL, "idle"],
    ["{state} · {thinking}", ALL, "idle"],
    ["{thinking}", ALL, ""],
    ["{state} | ctx {context}%", ALL, "idle | ctx 23%"],
    ["{state} | ctx {context}% | {model}", { ...ALL, context: "" }, "idle | opus"],
    ["{model} on {branch}", ALL, "opus on main"],
    ["{state}  {model}", ALL, "idle  opus"],
    ["my line · {state}", ALL, "my line · idle"],
    ["{state}\n · {model}", ALL, "idle · opus"],
    ["", ALL, ""],
  ])("%j shows what has a value", (template, values, line) => {
    expect(fill(template, values)).toBe(line);
  });

  it.each([
    [40, "idle · opus · ctx 23% · $1 · main · ask"],
    [36, "idle · opus · ctx 23% · $1 · ask"],
    [30, "idle · opus · ctx 23% · ask"],
    [20, "idle · opus · ask"],
    [13, "idle · ask"],
    [4, "idle"],
    [3, "id…"],
    [0, ""],
  ])("drops what matters least at %d columns", (width, line) => {
    expect(fill("{state} · {model} · ctx {context}% · {cost} · {branch} · {mode}", ALL, width)).toBe(line);
  });

  it("says which fields there are when one is not, and shows the rest", () => {
    const template = parseTemplate("{state} · {modle} · {}");
    expect(templateProblem(template)).toBe(
      "statusLine.template: there is no {modle}, {}. Fields are {state} {editing} {mode} {try} {background} {model} {context} {role} {runtime} {cost} " +
        "{branch} {thinking} {queue} {session} {tokens} {folder} {version}.",
    );
    expect(fill("{state} · {modle} · {mode}", ALL)).toBe("idle · ask");
    expect(templateProblem(parseTemplate("{state}"))).toBeNull();
  });

  it("never takes more columns than there are, nor fails, whatever it says", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...STATUS_FIELDS.map((field) => `{${field}}`),
        " · ",
        " | ",
        "  ",
        "{",
        "}",
        "{x}",
        "中文",
      ),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.integer({ min: 0, max: 80 }), (pieces, width) => {
        expect(textWidth(fill(pieces.join(""), ALL, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe("the row", () => {
  const template = parseTemplate("{state} · {session} · {folder} · {tokens} · {queue} · {mode}");
  const state = workingState({
    name: "parser:\x1b[2J line ends",
    queue: [queueItem("q", "steer", "x"), queueItem("p", "pause", "")],
  });
  const facts = { state, contextWindow: 200_000, branch: "main*", nowMs: NOW_MS, folder: "hearth" };

  it("at 40, 80 and 120 columns, with other signs where there is only ASCII", async () => {
    const rows = [40, 80, 120].map((width) => statusRow(facts, testView(width - 1), template));
    const ascii = statusRow(facts, testView(79, { glyphs: asciiGlyphs }), template);
    await expect(`${[...rows, ascii].join("\n")}\n`).toMatchFileSnapshot(
      "../../golden/tui/status-template.txt",
    );
    expect(rows.join("")).not.toContain("\x1b");
  });
});
