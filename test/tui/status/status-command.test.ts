import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StatusCommandLine } from "../../../src/tui/status/status-command.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open() {
  const calls: { facts: string; signal: AbortSignal; end: (line: string) => void; fail: () => void }[] = [];
  const failures: unknown[] = [];
  const lines: (string | null)[] = [];
  const line = new StatusCommandLine({
    run: (facts, { signal }) =>
      new Promise((resolve, reject) => {
        calls.push({ facts, signal, end: resolve, fail: () => reject(new Error("no")) });
      }),
    onChange: () => void lines.push(line.line()),
    onFailure: (error) => void failures.push(error),
    now: Date.now,
  });
  return { line, calls, failures, lines };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("the command of the status line", () => {
  it("runs after the frame, and its line is shown clean and as one line", async () => {
    const { line, calls, lines } = open();
    line.update("a");
    expect(calls).toHaveLength(0);
    await pass(0);
    calls[0]?.end("  \x1b[31mred\x1b[0m \u202e and\ttab ");
    await pass(0);
    expect(line.line()).toBe("red and tab");
    expect(lines).toEqual(["red and tab"]);
  });

  it("runs when the session is another, at most once a second, with the newest facts, one at a time", async () => {
    const { line, calls } = open();
    line.update("a");
    await pass(0);
    line.update("b");
    line.update("c");
    await pass(5_000);
    expect(calls).toHaveLength(1);
    calls[0]?.end("one");
    await pass(0);
    expect(calls.map(({ facts }) => facts)).toEqual(["a", "c"]);
    calls[1]?.end("two");
    await pass(0);
    line.update("d");
    await pass(999);
    expect(calls).toHaveLength(2);
    await pass(1);
    expect(calls).toHaveLength(3);
    calls[2]?.end("three");
    line.update("d");
    await pass(60_000);
    expect(calls).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("tells a failure once in a row and gives the usual line back until it works again", async () => {
    const { line, calls, failures, lines } = open();
    for (const facts of ["a", "b", "c"]) {
      line.update(facts);
      await pass(1_000);
      if (facts === "a") calls.at(-1)?.end("works");
      else calls.at(-1)?.fail();
      await pass(0);
    }
    expect(failures).toHaveLength(1);
    expect(lines).toEqual(["works", null]);
    line.update("d");
    await pass(1_000);
    calls.at(-1)?.end("again");
    await pass(0);
    expect(line.line()).toBe("again");
  });

  it("is ended with the screen, and says nothing after that", async () => {
    const { line, calls, lines } = open();
    line.update("a");
    await pass(0);
    line.close();
    expect(calls[0]?.signal.aborted).toBe(true);
    calls[0]?.end("late");
    await pass(0);
    line.update("b");
    await pass(5_000);
    expect(calls).toHaveLength(1);
    expect(lines).toEqual([]);
  });
});
