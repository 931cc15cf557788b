import { describe, expect, it } from "vitest";
import type { Message } from "../../../src/protocol/message.ts";
import { geminiFileName, geminiSessionLines } from "../../../src/session/export/gemini.ts";
import { opencodeExport, opencodeSessionId } from "../../../src/session/export/opencode.ts";
import { piFileName, piProject, piSessionLines } from "../../../src/session/export/pi.ts";
import { talkOfHistory } from "../../../src/session/export/talk.ts";
import {
  foreignReader,
  formatOf,
  type TranslatedAgent,
} from "../../../src/session/import/foreign-formats.ts";
import { talk } from "../../support/runtime-session.ts";

const TIME = "2026-11-20T08:15:30.000Z";
const usage = { input: 9, output: 9, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null };
const MESSAGES: Message[] = [
  {
    role: "user",
    content: [
      { type: "text", text: "Look at this." },
      { type: "image", mimeType: "image/png", data: "iVBORw0KGgo=" },
    ],
  },
  {
    role: "assistant",
    content: [
      { type: "thinking", text: "Hm." },
      { type: "text", text: "I look." },
      { type: "tool_call", id: "c1", name: "bash", arguments: { command: "ls" } },
      { type: "tool_call", id: "c2", name: "read", arguments: { path: "b" } },
    ],
    stopReason: "aborted",
    usage,
    model: "anthropic/claude",
  },
  ...(["c1", "c2"] as const).map(
    (toolCallId): Message => ({
      role: "tool_result",
      toolCallId,
      toolName: toolCallId === "c1" ? "bash" : "read",
      content: [{ type: "text", text: `out of ${toolCallId}` }],
      isError: toolCallId === "c2",
    }),
  ),
  {
    role: "assistant",
    content: [{ type: "text", text: "Seen." }],
    stopReason: "stop",
    usage,
    model: "anthropic/claude",
  },
];
const PARTS = talkOfHistory(
  MESSAGES.map((message, at) => ({ id: `m${at}`, message })),
  TIME,
);
const SESSION = { id: "0f0e0d0c-1111-4111-8111-111111111111", cwd: "/home/me/work", time: TIME };

function values(agent: TranslatedAgent): unknown[] {
  const lines = (pieces: Iterable<string>) => [...pieces].map((line): unknown => JSON.parse(line));
  if (agent === "pi") return lines(piSessionLines(PARTS, SESSION));
  if (agent === "gemini") return lines(geminiSessionLines(PARTS, SESSION));
  const { info, messages } = JSON.parse(opencodeExport(PARTS, { ...SESSION, title: "T", seed: "s" }));
  return [{ info }, ...messages];
}

describe("a talk in the format of another agent", () => {
  it.each<[agent: TranslatedAgent, bash: string, read: string]>([
    ["pi", "bash", "read"],
    ["gemini", "run_shell_command", "read_file"],
    ["opencode", "bash", "read"],
  ])("of %s comes back as it was, but for what was thought", (agent, bash, read) => {
    const given = values(agent);
    expect(formatOf(given[0])).toBe(agent);
    const reader = foreignReader(agent);
    const items = [...given.flatMap((value) => reader.take(value)), ...reader.end()];
    expect(items.filter(({ kind }) => kind === "unknown")).toEqual([]);
    const messages = items.flatMap((item): Message[] => {
      if (item.kind === "message") return [item.message];
      return item.kind === "prompt" ? [{ role: "user", content: item.content }] : [];
    });
    expect(talk(messages)).toEqual([
      "user: Look at this. | image",
      `assistant: I look. | ${bash}({"command":"ls"}) | ${read}({"path":"b"})`,
      "tool_result: out of c1",
      "tool_result!: out of c2",
      "assistant: Seen.",
    ]);
  });

  it("is named as each of them looks for it", () => {
    expect(piProject("/home/me/work")).toBe("--home-me-work--");
    expect(piFileName(TIME, "x")).toBe("2026-11-20T08-15-30-000Z_x.jsonl");
    expect(geminiFileName(TIME, SESSION.id)).toBe("session-2026-11-20T08-15-0f0e0d0c.jsonl");
  });

  it("opencode's ids stand in the order of what was said, and begin with its time", () => {
    const session = { ...SESSION, title: "T", seed: "s" };
    const { info, messages } = JSON.parse(opencodeExport(PARTS, session));
    expect(info.id).toBe(opencodeSessionId(session));
    const ids = messages.map((message: { info: { id: string } }) => message.info.id);
    expect(ids).toEqual(ids.toSorted());
    // As in an id that opencode 1.18.33 made at this time.
    const made = { ...session, time: new Date(1_795_208_396_840).toISOString() };
    expect(JSON.parse(opencodeExport(PARTS, made)).messages[0].info.id).toMatch(/^msg_1fac2402800/);
    expect(opencodeSessionId({ ...made, time: new Date(1_795_208_396_654).toISOString() })).toMatch(
      /^ses_e053dc091/,
    );
  });

  it("pi is not told of answers that were stopped, since it would leave them out", () => {
    const answers = values("pi").flatMap((line) => {
      const { message } = line as { message?: { role: string; stopReason?: string } };
      return message?.role === "assistant" ? [message.stopReason] : [];
    });
    expect(answers).toEqual(["toolUse", "stop"]);
  });
});
