import { describe, expect, it } from "vitest";
import { remarkOf, userItem } from "../../../src/tui/transcript/remark.ts";

describe("the row of a runtime", () => {
  it("stands where it takes over, not where it only names its session", () => {
    expect(remarkOf({ type: "runtime_changed", runtime: "codex", detail: "you chose it" })).toMatchObject([
      { kind: "runtime", runtime: "codex", detail: "you chose it" },
    ]);
    expect(remarkOf({ type: "runtime_changed", runtime: "codex", externalSessionId: "x" })).toEqual([]);
  });
});

describe("a prompt in the transcript", () => {
  const user = (text: string) => userItem("u", { role: "user", content: [{ type: "text", text }] });

  it("names the files that it brought and leaves their text to the model", () => {
    const sent =
      "look at @a.ts\n\nContent of a.ts, lines 2-3 of 9:\n```\ntwo\nthree\n```\n\nFiles in src:\n```\nb.ts\n```";
    expect(user(sent)).toMatchObject({ text: "look at @a.ts", attached: ["a.ts, lines 2-3 of 9", "src"] });
  });

  it("that merely speaks of a content stays whole", () => {
    const text = "Content of a.ts:\n\nContent of b.ts: none\n```\nx\n```";
    expect(user(text)).toMatchObject({ text });
    expect(user(text)).not.toHaveProperty("attached");
  });
});

describe("results that were left out", () => {
  it("are told with what that saved", () => {
    const event = {
      type: "results_dropped",
      notice: "x",
      tokensBefore: 170_000,
      tokensAfter: 120_000,
    } as const;
    expect(remarkOf({ ...event, toolCallIds: ["a", "b"] })).toMatchObject([
      {
        kind: "notice",
        message:
          "Left 2 tool results that later ones replace out of the context: 170k tokens before, 120k after.",
      },
    ]);
  });
});
