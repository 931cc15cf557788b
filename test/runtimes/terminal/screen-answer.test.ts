// An answer, found on a screen.
import fc from "fast-check";
import { expect, test } from "vitest";
import { growth, screenAnswer } from "../../../src/runtimes/terminal/screen-answer.ts";

const BOX = (text: string): string[] => [
  "╭──────────╮",
  `│ > ${text.padEnd(6)} │`,
  "╰──────────╯",
  "  model x",
];

test.for<{ name: string; before: string[]; after: string[]; typed: string; answer: string }>([
  {
    name: "a line after a sign",
    before: ["ready", ">"],
    after: ["ready", "> hi", "Hello.", ">"],
    typed: "hi",
    answer: "Hello.",
  },
  { name: "a program that echoes alone", before: [], after: ["hi", "hi"], typed: "hi", answer: "hi" },
  {
    name: "half a line while it works",
    before: [">"],
    after: ["> hi", "Half an"],
    typed: "hi",
    answer: "Half an",
  },
  {
    name: "blank lines within an answer",
    before: [">"],
    after: ["> hi", "", "one", "", "two", "", ">"],
    typed: "hi",
    answer: "one\n\ntwo",
  },
  {
    name: "a sign that counts",
    before: ["In [1]:", "a@b:~$"],
    after: ["In [1]:", "a@b:~$ cd x", "there", "a@b:~/x$"],
    typed: "cd x",
    answer: "there",
  },
  {
    name: "a question that asks for more",
    before: [">"],
    after: ["> go", "Which file?"],
    typed: "go",
    answer: "Which file?",
  },
  {
    name: "an echo that the program wrapped in a frame of its own",
    before: ["welcome", ...BOX("")],
    after: ["welcome", "│ > do a │", "│   long │", "│   thing │", "", "● Done.", "", ...BOX("")],
    typed: "do a long thing",
    answer: "● Done.",
  },
  {
    name: "an answer that repeats the prompt",
    before: [">"],
    after: ["> hi", "hi", "hi", ">"],
    typed: "hi",
    answer: "hi\nhi",
  },
  { name: "nothing at all", before: ["ready", ">"], after: ["ready", "> hi", ">"], typed: "hi", answer: "" },
  {
    name: "a screen that was cleared",
    before: ["a", "b", ">"],
    after: ["new", ">"],
    typed: "hi",
    answer: "new",
  },
])("$name", ({ before, after, typed, answer }) => {
  expect(screenAnswer({ before, after, typed })).toBe(answer);
});

test("what is told in pieces ends with all lines of the answer", () => {
  const line = fc.constantFrom("a", "b", "working", "");
  fc.assert(
    fc.property(
      fc.array(fc.array(line, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 }),
      (screens) => {
        let told = "";
        let text = "";
        for (const screen of screens.map((lines) => lines.join("\n"))) {
          const grown = growth(told, screen);
          text += grown.more;
          told = grown.told;
        }
        const last = (screens.at(-1) ?? [])
          .join("\n")
          .split("\n")
          .filter((each) => each !== "");
        const all = text.split("\n");
        // In their order, with what was drawn over between them.
        let at = 0;
        for (const each of all) if (each === last[at]) at++;
        expect(at).toBe(last.length);
      },
    ),
  );
});

test("a text that only grew is told without a line twice", () => {
  const more = (told: string, now: string): string => growth(told, now).more;
  expect(more("one\ntwo", "one\ntwo and\nthree")).toBe(" and\nthree");
  expect(more("", "one")).toBe("one");
  expect(more("one\nworking", "one\ntwo")).toBe("\ntwo");
  expect(growth("one\ntwo", "one")).toEqual({ more: "", told: "one\ntwo" });
});
