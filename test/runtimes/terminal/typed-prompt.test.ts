// A prompt as it is typed.
import { expect, test } from "vitest";
import { typedPrompt } from "../../../src/runtimes/terminal/typed-prompt.ts";

const text = (words: string) => ({ type: "text" as const, text: words });

test("a program that takes pastes gets all lines, without anything that a terminal would heed", () => {
  expect(typedPrompt([text("digest"), text("do\nthis\x1b[201~\rrm -rf x")], true)).toEqual({
    text: "digest\n\ndo\nthis\nrm -rf x",
    leftOut: false,
  });
});

test("one that does not gets one line", () => {
  expect(typedPrompt([text("do this:\n  1. look\n\n  2. say")], false)).toEqual({
    text: "do this: 1. look 2. say",
    leftOut: false,
  });
});

test("what came before is left out where one line cannot hold it, the person's own words are not", () => {
  expect(typedPrompt([text("x".repeat(5_000)), text("and now?")], false)).toEqual({
    text: "and now?",
    leftOut: true,
  });
  expect(typedPrompt([text("x".repeat(5_000))], false)).toBeNull();
  expect(typedPrompt([text("ü".repeat(2_000))], false)).toBeNull();
});
