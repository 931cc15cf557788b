// Texts that are hard to edit: scripts of all widths, emoji, combining marks, controls, long lines, many lines.
import fc from "fast-check";

export const hardText = fc
  .array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom("word", " ", "\n", "a-longer/word.with_parts", "  ", "\n\n", "\t"),
      },
      { weight: 3, arbitrary: fc.string({ unit: "grapheme", maxLength: 6 }) },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          "中文",
          "👨‍👩‍👧‍👦",
          "🇩🇪",
          "🇩",
          "é",
          "e\u0301",
          "ก็",
          "👍🏽",
          "한국",
          "ﷺ",
          "\u0301",
          "\u200d",
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          "\r",
          "\r\n",
          "\x1b[31m",
          "\x07",
          "\u202e",
          "\u2028",
          "\x9b",
          "\ud800",
          "\x7f",
        ),
      },
      { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 5 }) },
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(""));
