import { expect, it } from "vitest";
import { outline, translated } from "../../support/foreign-session.ts";

let uuids = 0;
const line = (type: string, parentUuid: string | null, more: Record<string, unknown>) => ({
  type,
  uuid: `u${++uuids}`,
  parentUuid,
  sessionId: "s",
  cwd: "/repo",
  timestamp: new Date(Date.UTC(2026, 0, 1) + uuids * 1000).toISOString(),
  isSidechain: false,
  ...more,
});
const said = (parent: string | null, content: unknown, more: Record<string, unknown> = {}) =>
  line("user", parent, { message: { role: "user", content }, ...more });
const answered = (parent: string, id: string, block: unknown, more: Record<string, unknown> = {}) =>
  line("assistant", parent, {
    message: {
      id,
      role: "assistant",
      model: "claude-x",
      content: [block],
      usage: { input_tokens: 3, output_tokens: 2 },
    },
    ...more,
  });
const use = (id: string, name: string, input: unknown) => ({ type: "tool_use", id, name, input });
const toolResult = (id: string, content: unknown, more: Record<string, unknown> = {}) => [
  { type: "tool_result", tool_use_id: id, content, ...more },
];

it("joins the lines of an answer, counts its usage once and puts results behind their calls", () => {
  const p = said(null, "look");
  const a1 = answered(p.uuid, "m1", { type: "thinking", thinking: "hm", signature: "sig" });
  const a2 = answered(a1.uuid, "m1", { type: "text", text: "I look." });
  const a3 = answered(a2.uuid, "m1", use("t1", "Read", { file_path: "a" }));
  const r1 = said(a3.uuid, toolResult("t1", [{ type: "text", text: "A" }]));
  const a4 = answered(a3.uuid, "m1", use("t2", "Bash", { command: "false" }));
  const r2 = said(a4.uuid, toolResult("t2", "Exit code 1\nno", { is_error: true }));
  const end = answered(r1.uuid, "m2", { type: "text", text: "Done." });
  const { entries, tally } = translated("claude-code", [p, a1, a2, a3, r1, a4, r2, end]);
  expect(outline(entries)).toEqual([
    "prompt: look",
    '(hm) | I look. | Read({"file_path":"a"}) | Bash({"command":"false"})'.replace(/^/, "assistant: "),
    "tool_result: A",
    "tool_result!: Exit code 1\nno",
    "assistant: Done.",
  ]);
  expect(tally).toMatchObject({ messages: 5, runs: 1, branches: 1 });
  const runEnd = entries.find((entry) => entry.type === "run_end");
  expect(runEnd).toMatchObject({ steps: 2, usage: { input: 6, output: 4 }, outcome: "completed" });
});

it("keeps branches: a prompt that follows an earlier answer", () => {
  const p1 = said(null, "one");
  const a1 = answered(p1.uuid, "m1", { type: "text", text: "1" });
  const p2 = said(a1.uuid, "two");
  const a2 = answered(p2.uuid, "m2", { type: "text", text: "2" });
  const p3 = said(a1.uuid, "other two");
  const a3 = answered(p3.uuid, "m3", { type: "text", text: "3" });
  const { entries, tally } = translated("claude-code", [p1, a1, p2, a2, p3, a3]);
  expect(tally.branches).toBe(2);
  const ends = entries.filter((entry) => entry.type === "run_end");
  const starts = entries.filter((entry) => entry.type === "run_start");
  expect(starts[1]?.parentId).toBe(ends[0]?.id);
  expect(starts[2]?.parentId).toBe(ends[0]?.id);
});

it("finds the way through lines that are no part of the talk, known or not", () => {
  const p1 = said(null, "one");
  const a1 = answered(p1.uuid, "m1", { type: "text", text: "1" });
  const progress = line("progress", a1.uuid, {});
  const p2 = said(progress.uuid, "two");
  const a2 = answered(p2.uuid, "m2", { type: "text", text: "2" });
  const unheard = line("frob", p1.uuid, {});
  const p3 = said(unheard.uuid, "instead of one's answer");
  const { entries, tally } = translated("claude-code", [p1, a1, progress, p2, a2, unheard, p3]);
  expect(tally.branches).toBe(2);
  const [first, second] = entries.filter(({ type }) => type === "run_start");
  expect(second?.parentId).toBe(entries.find(({ type }) => type === "run_end")?.id);
  const leaf = entries.find((entry) => entry.type === "leaf");
  const prompt = entries.find((entry) => entry.parentId === first?.id);
  expect(leaf).toMatchObject({ targetId: prompt?.id });
});

it("tells commands of the program, shell lines, interruptions and its own notes from prompts", () => {
  const caveat = said(null, "<local-command-caveat>Caveat</local-command-caveat>", { isMeta: true });
  const model = said(caveat.uuid, "<command-name>/model</command-name>\n<command-args></command-args>");
  const out = said(model.uuid, "<local-command-stdout>Set model</local-command-stdout>");
  const bash = said(out.uuid, "<bash-input>ls</bash-input>");
  const listing = said(bash.uuid, "<bash-stdout>a.txt</bash-stdout><bash-stderr></bash-stderr>");
  const custom = said(
    listing.uuid,
    "<command-message>fix</command-message>\n<command-name>/fix</command-name>\n<command-args>it</command-args>",
  );
  const body = said(custom.uuid, [{ type: "text", text: "Fix this: it" }], { isMeta: true });
  const a = answered(body.uuid, "m1", use("t1", "Bash", { command: "x" }));
  const stopped = said(a.uuid, [
    ...toolResult("t1", "stopped", { is_error: true }),
    { type: "text", text: "[Request interrupted by user for tool use]" },
  ]);
  const { entries } = translated("claude-code", [
    caveat,
    model,
    out,
    bash,
    listing,
    custom,
    body,
    a,
    stopped,
  ]);
  expect(outline(entries)).toEqual([
    "shell: I ran `ls` (exit code not known):\n\na.txt",
    "prompt: /fix it",
    "notice: Fix this: it",
    'assistant: Bash({"command":"x"})',
    "tool_result!: stopped",
    "end: interrupted",
  ]);
});

it("takes a compaction's summary in, and leaves subagents, copies and what it does not know to the count", () => {
  const p = said(null, "long talk");
  const a = answered(p.uuid, "m1", { type: "text", text: "yes" });
  const boundary = line("system", null, {
    subtype: "compact_boundary",
    logicalParentUuid: a.uuid,
    compactMetadata: { preTokens: 9000 },
  });
  const summary = said(boundary.uuid, "It was about x.", { isCompactSummary: true });
  const next = said(summary.uuid, "go on");
  const side = answered("x", "ms", { type: "text", text: "sub" }, { isSidechain: true });
  const { entries, tally } = translated("claude-code", [
    p,
    a,
    boundary,
    summary,
    next,
    side,
    a,
    { type: "frob" },
    7,
    null,
  ]);
  expect(outline(entries)).toEqual([
    "prompt: long talk",
    "assistant: yes",
    "summary: It was about x.",
    "prompt: go on",
    "end: interrupted",
  ]);
  expect(entries.find((entry) => entry.type === "compaction")).toMatchObject({ tokensBefore: 9000 });
  expect(Object.fromEntries(tally.unknown)).toEqual({ frob: 1, "no object": 2 });
  expect(Object.fromEntries(tally.leftOut)).toEqual({ subagent: 1, "copy of a line": 1 });
});

it("keeps an edit's diff, a picture and an error of the service", () => {
  const p = said(null, [
    { type: "image", source: { type: "base64", media_type: "image/png", data: "QUJD" } },
    { type: "text", text: "see" },
  ]);
  const a = answered(p.uuid, "m1", use("t", "Edit", { file_path: "a", old_string: "x", new_string: "y" }));
  const patch = [{ oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: ["-x", "+y"] }];
  const r = said(a.uuid, toolResult("t", "ok"), { toolUseResult: { filePath: "a", structuredPatch: patch } });
  const error = line("assistant", r.uuid, {
    isApiErrorMessage: true,
    message: { id: "e", model: "<synthetic>", content: [{ type: "text", text: "API Error: 529" }] },
  });
  const { entries } = translated("claude-code", [p, a, r, error]);
  const messages = entries.flatMap((entry) => (entry.type === "message" ? [entry.message] : []));
  expect(messages[0]?.content).toEqual([
    { type: "image", mimeType: "image/png", data: "QUJD" },
    { type: "text", text: "see" },
  ]);
  expect(messages[2]).toMatchObject({
    details: {
      diff: { path: "a", added: 1, removed: 1, patch: "--- a/a\n+++ b/a\n@@ -1,1 +1,1 @@\n-x\n+y\n" },
    },
  });
  expect(messages[3]).toMatchObject({ stopReason: "error", error: { message: "API Error: 529" } });
  expect(entries.find((entry) => entry.type === "run_end")).toMatchObject({ outcome: "failed" });
});
