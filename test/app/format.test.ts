import { describe, expect, it } from "vitest";
import { formatAge, formatClock, formatCost, formatTokens } from "../../src/app/format.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("numbers as people read them", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1_000, "1k"],
    [2_100, "2.1k"],
    [12_345, "12.3k"],
    [999_949, "999.9k"],
    [999_950, "1M"],
    [1_234_567, "1.2M"],
  ])("%i tokens are %s", (tokens, text) => {
    expect(formatTokens(tokens)).toBe(text);
  });

  it.each([
    [null, ""],
    [0, "$0"],
    [0.0000012, "$0.0000012"],
    [0.004, "$0.0040"],
    [0.0999, "$0.10"],
    [0.1, "$0.10"],
    [1.2, "$1.20"],
    [1234.5, "$1234.50"],
  ])("%s US dollars are %s", (cost, text) => {
    expect(formatCost(cost)).toBe(text);
  });

  it.each([
    [-5, "0:00"],
    [12_999, "0:12"],
    [61_000, "1:01"],
    [HOUR + 2 * MINUTE + 3_000, "1:02:03"],
  ])("a clock of %i ms shows %s", (milliseconds, text) => {
    expect(formatClock(milliseconds)).toBe(text);
  });

  it.each([
    [-1, "0 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [59.9 * MINUTE, "59 min"],
    [2 * MINUTE, "2 min"],
    [23.9 * HOUR, "23 h"],
    [3 * HOUR, "3 h"],
    [DAY, "1 day"],
    [4 * DAY, "4 days"],
  ])("an age of %i ms is %s", (milliseconds, text) => {
    expect(formatAge(milliseconds)).toBe(text);
  });
});
