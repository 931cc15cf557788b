import { expect, it } from "vitest";
import { ThreadUsage } from "../../../src/runtimes/codex/usage.ts";
import { tokens } from "./harness.ts";

it("a turn took what the thread counts since it began; cached input stands apart", () => {
  const usage = new ThreadUsage();
  usage.beginTurn();
  expect(usage.spent()).toBeNull();
  usage.take({ total: tokens(1200, 800, 34, 10), last: tokens(1200, 800, 34, 10) });
  usage.take({ total: tokens(2400, 1600, 68, 20), last: tokens(1200, 800, 34, 10) });
  expect(usage.spent()).toEqual({
    input: 800,
    output: 68,
    cacheRead: 1600,
    cacheWrite: 0,
    reasoning: 20,
    cost: null,
  });
  usage.beginTurn();
  expect(usage.spent()).toBeNull();
  usage.take({ total: tokens(2500, 1600, 70, 20), last: tokens(100, 0, 2) });
  expect(usage.spent()).toMatchObject({ input: 100, output: 2, cacheRead: 0 });
});

it("of a thread that is gone on with, only the new part counts, whether its count was told before or not", () => {
  const untold = new ThreadUsage();
  untold.beginTurn();
  untold.take({ total: tokens(9000, 0, 500), last: tokens(1000, 0, 20) });
  expect(untold.spent()).toMatchObject({ input: 1000, output: 20 });
  const told = new ThreadUsage();
  told.take({ total: tokens(8000, 0, 480), last: tokens(10, 0, 1) });
  told.beginTurn();
  told.take({ total: tokens(9000, 0, 500), last: tokens(1000, 0, 20) });
  expect(told.spent()).toMatchObject({ input: 1000, output: 20 });
});
