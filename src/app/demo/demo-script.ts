// The scripted demo model: mends the example project with real tools. Each step follows from what happened so far.
import type { ToolResultMessage } from "../../protocol/message.ts";
import type { ModelRequest } from "../../protocol/stream.ts";
import type { FauxReply } from "../../providers/faux.ts";
import { BROKEN_CODE, BROKEN_FILE, FIXED_CODE } from "./demo-project.ts";
import {
  acknowledge,
  asksForDiff,
  asksForSummary,
  asksForTests,
  asksForTheFix,
  asksToStop,
  INTRODUCTION,
  isGreeting,
  NOT_UNDERSTOOD,
  SUMMARY,
} from "./demo-replies.ts";
import { type DemoTalk, firstLine, readTalk, resultText, wasDenied } from "./demo-talk.ts";

/** Slow enough to steer, pause and resume by hand; fast enough not to bore. */
const PACE = { delayMs: 300, chunkSize: 40, chunkDelayMs: 30 };
const TEST_COMMAND = "node --test";

/** A FauxScript. Looks at nothing but the request. */
export function demoScript(request: ModelRequest): FauxReply {
  const talk = readTalk(request);
  if (asksForSummary(talk.remark ?? talk.task)) return { ...PACE, text: SUMMARY };
  if (talk.remark !== null && asksToStop(talk.remark)) return { ...PACE, text: stopped(talk) };
  const reply = step(talk);
  const text = talk.remark === null ? reply.text : acknowledge(talk.remark) + (reply.text ?? "");
  return { ...PACE, ...reply, ...(text === undefined ? {} : { text }) };
}

function step(talk: DemoTalk): FauxReply {
  const denied = talk.results.find(wasDenied);
  if (denied) return { text: deniedText(denied, talk) };
  if (isGreeting(talk.task)) return { text: INTRODUCTION };
  if (asksForTests(talk.task)) return testsOnly(talk);
  if (asksForDiff(talk.task)) return diffOnly(talk);
  if (talk.isFirst || asksForTheFix(talk.task)) return fixStep(talk);
  return { text: NOT_UNDERSTOOD };
}

function fixStep(talk: DemoTalk): FauxReply {
  const read = lastOf(talk, "read");
  const edit = lastOf(talk, "edit");
  const bash = lastOf(talk, "bash");
  if (!read) return lookAround();
  if (read.isError) return { text: `I cannot read ${BROKEN_FILE}: ${firstLine(resultText(read))}` };
  if (edit?.isError && isAfter(talk, edit, read)) {
    return attempts(talk, "edit") < 2
      ? readAgain()
      : { text: `The edit failed: ${firstLine(resultText(edit))}` };
  }
  const isMended = edit !== undefined && !edit.isError;
  if (!isMended && resultText(read).includes(BROKEN_CODE)) return mend(talk);
  if (!bash || !isAfter(talk, bash, edit ?? read)) return runTests(talk);
  const todo = lastOf(talk, "todo");
  if (todo && isAfter(talk, bash, todo) && allPassed(bash)) return { toolCalls: todoCall(talk, 3) };
  return { text: report(bash, isMended) };
}

function lookAround(): FauxReply {
  return {
    thinking:
      "A test about line endings fails, so something splits text at a newline and keeps the carriage return. " +
      "I look for the place first, and read it whole before I touch it.",
    text: "I'll look at how lines are split first.",
    toolCalls: [
      { name: "grep", arguments: { pattern: "split\\(", path: "src" } },
      { name: "read", arguments: { path: BROKEN_FILE } },
    ],
  };
}

function readAgain(): FauxReply {
  return {
    text: "The file is not what I expected; I read it again.",
    toolCalls: [{ name: "read", arguments: { path: BROKEN_FILE } }],
  };
}

function mend(talk: DemoTalk): FauxReply {
  if (!talk.can("edit")) return { text: PLAN };
  const edits = [{ old_text: BROKEN_CODE, new_text: FIXED_CODE }];
  return {
    text: `Found it: \`${BROKEN_CODE}\` leaves a \`\\r\` at the end of each line of a Windows file. I make the split take both endings.`,
    toolCalls: [...todoCall(talk, 1), { name: "edit", arguments: { path: BROKEN_FILE, edits } }],
  };
}

function runTests(talk: DemoTalk): FauxReply {
  if (!talk.can("bash")) {
    return { text: "I may not run commands here, so the tests are yours to run: `node --test`." };
  }
  return { text: "Now the tests.", toolCalls: [{ name: "bash", arguments: { command: TEST_COMMAND } }] };
}

function testsOnly(talk: DemoTalk): FauxReply {
  const bash = lastOf(talk, "bash");
  return bash ? { text: testSummary(bash) } : runTests(talk);
}

function diffOnly(talk: DemoTalk): FauxReply {
  const bash = lastOf(talk, "bash");
  if (!bash) {
    const call = { name: "bash", arguments: { command: "git diff" } };
    return { text: "Here is what changed.", toolCalls: [call] };
  }
  const diff = resultText(bash).trim();
  return { text: diff === "" ? "Nothing has changed since the first commit." : fenced(diff, "diff") };
}

function report(bash: ToolResultMessage, isMended: boolean): string {
  if (!isMended) return `There is nothing left to mend in \`${BROKEN_FILE}\`. ${testSummary(bash)}`;
  if (!allPassed(bash)) return `The edit is in, but: ${testSummary(bash)}`;
  return [
    "Fixed. The reader kept the carriage return of Windows line endings in the last field of each line.",
    "",
    `- \`${BROKEN_FILE}\` splits at \`\\n\` and \`\\r\\n\` now`,
    `- all ${testCounts(bash)?.passed} tests pass, the one for Windows line endings too`,
    "- no test was changed",
    "- `/diff` shows it again, `/undo` takes it back",
    "",
    fenced(["  return text", `    ${FIXED_CODE}`, '    .filter((line) => line !== "")'].join("\n"), "js"),
  ].join("\n");
}

const PLAN = [
  "In this mode I may not change files. My plan:",
  "",
  `1. in \`${BROKEN_FILE}\`, split at \`/\\r?\\n/\` instead of \`"\\n"\``,
  "2. run `node --test`",
].join("\n");

function deniedText(denied: ToolResultMessage, talk: DemoTalk): string {
  const edited = talk.results.some((result) => result.toolName === "edit" && !result.isError);
  const state = edited
    ? `The edit of \`${BROKEN_FILE}\` is in place, but it is not tested.`
    : "Nothing was changed.";
  const flags = /could allow it with (.+?)\. /.exec(resultText(denied))?.[1];
  const next =
    flags === undefined ? 'Say "go on" when you want me to try again.' : `It would run with ${flags}.`;
  return `\`${denied.toolName}\` was not allowed, so I stop here. ${state}\n\n${next}`;
}

function stopped(talk: DemoTalk): string {
  const done = talk.results.filter((result) => !result.isError).map((result) => result.toolName);
  const list = done.length > 0 ? `Done so far: ${[...new Set(done)].join(", ")}.` : "Nothing was done yet.";
  return `Stopped, as you asked. ${list}`;
}

function testSummary(bash: ToolResultMessage): string {
  const counts = testCounts(bash);
  if (counts) return `${counts.passed} tests pass, ${counts.failed} fail.`;
  return `The tests could not be run:\n\n${fenced(resultText(bash).trim().slice(0, 500), "")}`;
}

/** Both reporters of node:test end with lines such as "ℹ pass 3" or "# pass 3". */
function testCounts(bash: ToolResultMessage): { passed: number; failed: number } | null {
  const text = resultText(bash);
  const passed = /^\W*pass (\d+)/m.exec(text)?.[1];
  const failed = /^\W*fail (\d+)/m.exec(text)?.[1];
  return passed === undefined || failed === undefined
    ? null
    : { passed: Number(passed), failed: Number(failed) };
}

function allPassed(bash: ToolResultMessage): boolean {
  return testCounts(bash)?.failed === 0;
}

/** The plan with so many of its items done; no call where the tool is not offered. */
function todoCall(talk: DemoTalk, done: number): { name: string; arguments: Record<string, unknown> }[] {
  if (!talk.can("todo")) return [];
  const items = ["find where lines are split", "split at both line endings", "run the tests"].map(
    (text, index) => {
      if (index < done) return { text, status: "completed" };
      return { text, status: index === done ? "in_progress" : "pending" };
    },
  );
  return [{ name: "todo", arguments: { items } }];
}

function lastOf(talk: DemoTalk, tool: string): ToolResultMessage | undefined {
  return talk.results.findLast((result) => result.toolName === tool);
}

function isAfter(talk: DemoTalk, later: ToolResultMessage, earlier: ToolResultMessage): boolean {
  return talk.results.indexOf(later) > talk.results.indexOf(earlier);
}

function attempts(talk: DemoTalk, tool: string): number {
  return talk.results.filter((result) => result.toolName === tool).length;
}

function fenced(text: string, language: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
