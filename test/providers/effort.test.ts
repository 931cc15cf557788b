// Effort: the level a model is asked for when it does not know the one that was wished.
import { expect, test } from "vitest";
import type { ThinkingLevel } from "../../src/protocol/model.ts";
import { effortWord, nearestThinking } from "../../src/providers/effort.ts";
import { chatModel } from "../contract/openai-models.ts";

const rows: [ThinkingLevel[], ThinkingLevel, ThinkingLevel | null][] = [
  [[], "high", null],
  [["off", "low", "high"], "high", "high"],
  [["off", "low", "high"], "medium", "low"],
  [["off", "low", "high"], "max", "high"],
  [["off", "medium"], "low", "medium"],
  [["low", "high"], "off", "low"],
  [["off"], "high", "off"],
];
test.each(rows)("of %o, %s becomes %s", (thinking, wished, expected) => {
  expect(nearestThinking({ ...chatModel, thinking }, wished)).toBe(expected);
});

test("a level's word is the service's, else its own; off has none of its own", () => {
  const model = { ...chatModel, compat: { effort: { max: "xhigh", off: "none" } } };
  expect(effortWord(model, "max")).toBe("xhigh");
  expect(effortWord(model, "off")).toBe("none");
  expect(effortWord(chatModel, "low")).toBe("low");
  expect(effortWord(chatModel, "off")).toBeUndefined();
});
