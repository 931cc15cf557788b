import { describe, expect, it } from "vitest";
import {
  answersQuestions,
  backgroundOfEnvironment,
  createColorQuestion,
} from "../../../src/tui/terminal/ask-colors.ts";
import type { TerminalReply } from "../../../src/tui/terminal/reply-filter.ts";
import type { TerminalColors } from "../../../src/tui/theme/terminal-colors.ts";

function open() {
  const listeners = new Set<(reply: TerminalReply) => void>();
  const written: string[] = [];
  const told: TerminalColors[] = [];
  const question = createColorQuestion({
    input: {
      onReply: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    write: (bytes) => void written.push(bytes),
    onColors: (colors) => void told.push(colors),
  });
  return {
    question,
    written,
    told,
    answer: (reply: TerminalReply) => {
      for (const listener of listeners) listener(reply);
    },
  };
}

const background = (part: number): TerminalReply => ({
  kind: "color",
  slot: "background",
  rgb: [part, part, part],
});

describe("the question for colours", () => {
  it("asks for text and background and, behind them, for what every terminal answers", () => {
    const { question, written } = open();
    question.ask("background");
    expect(written).toEqual(["\x1b]10;?\x1b\\\x1b]11;?\x1b\\\x1b[c"]);
    question.ask("palette");
    expect(written[1]).toMatch(/^\x1b\]4;0;\?\x1b\\.*\x1b\]4;15;\?\x1b\\\x1b\[c$/s);
  });

  it("is answered when the last answer is in, long before the time is over", async () => {
    const { question, answer, told } = open();
    question.ask("background");
    question.ask("palette");
    const answered = question.answered(60_000);
    answer(background(250));
    answer({ kind: "attributes" });
    answer({ kind: "color", slot: 2, rgb: [1, 2, 3] });
    answer({ kind: "color", slot: 200, rgb: [9, 9, 9] });
    answer({ kind: "attributes" });
    await answered;
    expect(question.colors()).toMatchObject({ background: [250, 250, 250], foreground: null });
    expect(question.colors()?.palette).toHaveLength(16);
    expect(question.colors()?.palette[2]).toEqual([1, 2, 3]);
    expect(told.at(-1)).toEqual(question.colors());
  });

  it("is given up when a terminal that knows no colours has told what it is", async () => {
    const { question, answer, told } = open();
    question.ask("background");
    const answered = question.answered(60_000);
    answer({ kind: "attributes" });
    await answered;
    expect(question.colors()).toBeNull();
    expect(told).toEqual([]);
  });

  it("waits no longer than it may for a silent terminal, and takes late answers all the same", async () => {
    const { question, answer, told } = open();
    question.ask("background");
    await question.answered(1);
    expect(question.colors()).toBeNull();
    answer(background(0));
    await Promise.resolve();
    expect(told).toHaveLength(1);
    question.close();
    answer(background(9));
    expect(question.colors()?.background).toEqual([0, 0, 0]);
  });

  it("waits for nothing when nothing was asked", async () => {
    await open().question.answered(60_000);
  });
});

it.each([
  [{ TERM: "xterm-256color" }, true],
  [{ TERM: "screen-256color", TMUX: "/tmp/tmux" }, true],
  [{ TERM: "screen-256color" }, false],
  [{ TERM: "linux" }, false],
  [{ TERM: "dumb" }, false],
  [{ TERM: "vt100" }, false],
  [{ TERM: "xterm-256color", INSIDE_EMACS: "30.1,vterm" }, false],
  [{}, false],
])("%j is asked: %s", (env, asked) => {
  expect(answersQuestions(env)).toBe(asked);
});

it.each([
  [{ COLORFGBG: "15;0" }, [0, 0, 0]],
  [{ COLORFGBG: "0;default;15" }, [255, 255, 255]],
  [{ COLORFGBG: "0;7" }, [255, 255, 255]],
  [{ COLORFGBG: "7;8" }, [0, 0, 0]],
  [{ COLORFGBG: "default;default" }, null],
  [{}, null],
])("%j tells the background %j", (env, rgb) => {
  expect(backgroundOfEnvironment(env)).toEqual(rgb);
});
