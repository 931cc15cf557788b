import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SpokenMarkdown } from "../../../src/tui/plain/spoken-markdown.ts";

function say(...pieces: string[]): string[] {
  const markdown = new SpokenMarkdown();
  return [...pieces.flatMap((piece) => markdown.push(piece)), ...markdown.end()];
}

describe("markdown in words", () => {
  it.each([
    ["# Title #", ["Heading: Title"]],
    ["a **bold** and *slanted* and ~~old~~ word", ["a bold and slanted and old word"]],
    ["snake_case_name and 2*3*4 and __init__", ["snake_case_name and 2*3*4 and init"]],
    ["run `npm *test*` now", ["run npm *test* now"]],
    ["see [the docs](https://x.y/z) and ![a cat](c.png)", ["see the docs (https://x.y/z) and image a cat"]],
    ["- one\n  * two\n1. three", ["- one", "- two", "1. three"]],
    ["- [ ] open\n- [x] closed", ["To do: open", "Done: closed"]],
    ["> said\n> > twice", ["Quote: said", "Quote: Quote: twice"]],
    ["| a | b |\n|---|:-:|\n| 1 | `2` |", ["a, b", "1, 2"]],
    ["one\n\n---\n\ntwo", ["one", "two"]],
    ["used\n\n`███░░░`\n\n─────\nfree", ["used", "free"]],
    [
      "```ts\nlet a = **1**;\n\n# no heading\n```\nafter",
      ["Code, ts:", "let a = **1**;", "", "# no heading", "End of code.", "after"],
    ],
    ["```\nopen", ["Code:", "open", "End of code."]],
    ["````\n```\n````", ["Code:", "```", "End of code."]],
  ])("%j", (text, lines) => {
    expect(say(text)).toEqual(lines);
  });

  it("says a long paragraph sentence by sentence while it comes", () => {
    const markdown = new SpokenMarkdown();
    const words = "some words and more ".repeat(7);
    expect(markdown.push(`${words}end. And`)).toEqual([`${words}end.`]);
    expect(markdown.push(` then **not. ${words}yet**. So`)).toEqual([`And then not. ${words}yet.`]);
    expect(markdown.push(" - it is\n- item")).toEqual(["So - it is"]);
    expect(markdown.end()).toEqual(["- item"]);
  });

  it("is the same however it arrives", () => {
    const text = fc.array(
      fc.constantFrom(
        "# a\n",
        "**b** ",
        "```\n",
        "| c |\n",
        "- d\n",
        "\n",
        "`e`",
        "f_g ",
        `${"long ".repeat(30)}end. `,
        "S. ",
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(text, fc.array(fc.nat(200)), (parts, cuts) => {
        const whole = parts.join("");
        const at = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].toSorted((a, b) => a - b);
        const pieces = [0, ...at].map((start, index) => whole.slice(start, at[index] ?? whole.length));
        expect(say(...pieces)).toEqual(say(whole));
      }),
    );
  });
});
