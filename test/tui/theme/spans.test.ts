import { describe, expect, it } from "vitest";
import { expandSpanTabs, layoutSpans, plainText } from "../../../src/tui/theme/spans.ts";

const low = (text: string) => `<${text}>`;
const high = (text: string) => `(${text})`;

describe("layoutSpans", () => {
  it("carries a style over rows and breaks words that span styles as one", () => {
    const spans = [
      { text: "one tw", style: low },
      { text: "o three four", style: high },
    ];
    expect(layoutSpans(spans, 7)).toEqual(["<one tw>(o)", "(three)", "(four)"]);
  });

  it("makes a hyperlink of each row's part", () => {
    const link = (text: string) => `\x1b]8;;http://x/\x1b\\<${text}>\x1b]8;;\x1b\\`;
    expect(layoutSpans([{ text: "ab cd", style: low, href: "http://x/" }], 2)).toEqual([
      link("ab"),
      link("cd"),
    ]);
  });
});

describe("expandSpanTabs", () => {
  it("counts columns across spans", () => {
    const spans = expandSpanTabs(
      [
        { text: "ab\tc", style: low },
        { text: "\td", style: high },
      ],
      4,
    );
    expect(plainText(spans)).toBe("ab  c   d");
    expect(spans.map((span) => span.text)).toEqual(["ab  c", "   d"]);
  });
});
