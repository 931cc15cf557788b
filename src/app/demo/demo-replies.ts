// What the demo model says that needs no tool.
import { DEMO_PROMPT } from "./demo-project.ts";

const ADD_A_KEY =
  "To work with a real model, leave with `/exit` and set `ANTHROPIC_API_KEY`, `OPENAI_API_KEY`, `GOOGLE_API_KEY` " +
  "or `OPENROUTER_API_KEY`, or declare a model on this machine in the settings; then run `hearth` in a project of yours.";

export const INTRODUCTION = [
  "I am the **demo model**: a script, not a mind. The tools, the approvals and the queue around me are real.",
  "",
  "Things to try:",
  "",
  `- ask: *${DEMO_PROMPT}*`,
  "- type something while I work and send it: that steers me",
  "- `/pause` and `/continue`; the input says which key interrupts me",
  '- afterwards: "show the diff" or "run the tests"',
  "- `/diff` shows what my run changed, `/undo` takes it back, `/redo` brings it again",
  "",
  ADD_A_KEY,
].join("\n");

export const NOT_UNDERSTOOD = [
  "I am the demo model and know this one project only; a real model would take it from here.",
  "",
  'I can *fix the failing test*, *run the tests* and *show the diff*. Say "help" for more.',
  "",
  ADD_A_KEY,
].join("\n");

export const SUMMARY = [
  "The person is trying the demo: a small cash book project whose reader, src/parse-lines.js, splits lines at",
  '"\\n" and so breaks on Windows line endings. The demo model looks at it, mends the split and runs the tests.',
].join(" ");

/** A first word about something said while work goes on. */
export function acknowledge(remark: string): string {
  const line = remark.split("\n")[0] ?? "";
  const quoted = line.length > 60 ? `${line.slice(0, 60)}…` : line;
  return `You said: "${quoted}". A real model would change course now; I am the demo model and go on.\n\n`;
}

/** Compaction, which asks in a message of its own. */
export function asksForSummary(text: string): boolean {
  return /replaced by a summary/i.test(text);
}

export function isGreeting(text: string): boolean {
  return /^\s*(?:hi|hello|hey|help|\?)\b|who are you|what are you|what (?:can|do) you|which model/i.test(
    text,
  );
}

export function asksToStop(text: string): boolean {
  return /^\s*(?:please )?(?:stop|halt|cancel|wait|never ?mind)\b/i.test(text);
}

export function asksForTests(text: string): boolean {
  return /\b(?:run|rerun|repeat)\b.*\btests?\b|^\s*tests?\s*$/i.test(text);
}

export function asksForDiff(text: string): boolean {
  return /\bdiff\b|what (?:did you|has|have you) change/i.test(text);
}

export function asksForTheFix(text: string): boolean {
  return /\b(?:fix|mend|repair|bug|fail\w*|crlf|windows|line endings?|again|go on|continue)\b/i.test(text);
}
