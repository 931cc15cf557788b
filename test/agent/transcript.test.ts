// The talk and its length: what is kept of it, and how many tokens it is said to take.
import { describe, expect, it } from "vitest";
import { Transcript, type TranscriptEntry } from "../../src/agent/transcript.ts";
import type { AssistantMessage } from "../../src/protocol/message.ts";
import { NO_USAGE } from "../../src/protocol/usage-sum.ts";
import { lines } from "./harness.ts";

const user = (id: string, text: string): TranscriptEntry => ({
  id,
  message: { role: "user", content: [{ type: "text", text }] },
});
const answer = (id: string, text: string, more: Partial<AssistantMessage> = {}): TranscriptEntry => ({
  id,
  message: {
    role: "assistant",
    content: text ? [{ type: "text", text }] : [],
    stopReason: "stop",
    usage: NO_USAGE,
    model: "t/t",
    ...more,
  },
});
const reported = { ...NO_USAGE, input: 900, cacheRead: 9_000, output: 100 };

describe("the length of a talk", () => {
  it("is estimated until an answer reports its usage, then that plus what came after", () => {
    const transcript = new Transcript([user("u", "x".repeat(400))]);
    expect(transcript.tokens(2_000)).toBe(2_104);
    transcript.append(answer("a", "y".repeat(400), { usage: reported }));
    expect(transcript.tokens(2_000)).toBe(10_000);
    transcript.append(user("v", "x".repeat(400)));
    expect(transcript.tokens(2_000)).toBe(10_104);
  });

  it("is shared out among the messages by their estimates", () => {
    const transcript = new Transcript([user("u", "x".repeat(400))]);
    transcript.append(answer("a", "y".repeat(400), { usage: reported }));
    expect(transcript.sizes(2_000)).toEqual([4_000, 4_000]);
  });

  it.each([["error"], ["aborted"]] as const)("is not taken from an answer that ended in %s", (stopReason) => {
    const transcript = new Transcript([]);
    transcript.append(answer("a", "y".repeat(400), { usage: reported, stopReason }));
    expect(transcript.tokens(0)).toBe(104);
  });

  it("is measured anew after a compaction", () => {
    const transcript = new Transcript([]);
    transcript.append(answer("a", "y".repeat(400), { usage: reported }));
    transcript.replace(transcript.entries);
    expect(transcript.tokens(0)).toBe(104);
  });

  it("counts three-byte characters as about one token each, and an image as 1,600", () => {
    expect(new Transcript([user("u", "漢字".repeat(50))]).tokens(0)).toBe(79);
    const image = { type: "image" as const, mimeType: "image/png", data: "A".repeat(100_000) };
    expect(new Transcript([{ id: "i", message: { role: "user", content: [image] } }]).tokens(0)).toBe(1_604);
  });
});

describe("a talk", () => {
  it("leaves out an answer without content", () => {
    const transcript = new Transcript([user("u", "hi")]);
    transcript.append(answer("a", ""));
    expect(lines(transcript.messages())).toEqual(["user: hi"]);
  });
});
