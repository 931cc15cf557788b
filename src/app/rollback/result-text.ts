// What a rollback did, in sentences. Pure.
import type { FileChange } from "../../protocol/checkpoint.ts";
import type { RollbackAction, RollbackPart } from "./checkpoint-choice.ts";
import type { Rollback } from "./find-rollback.ts";

export type RollbackFacts = {
  action: RollbackAction;
  rollback: Rollback;
  /** null: the files were not asked for, or none had to change. */
  changes: { changes: readonly FileChange[]; left: readonly string[] } | null;
  part: RollbackPart;
  /** Why the conversation stayed; "" when it moved. */
  stays: string;
};

export function resultText(facts: RollbackFacts): string {
  const { action, rollback, part, stays } = facts;
  const isMoved = part !== "files" && stays === "";
  const conversation = isMoved ? conversationWords(action, rollback) : "";
  const kept = part === "both" && stays !== "" && rollback.leaf !== undefined;
  const sentences = [
    conversation,
    kept ? `The conversation stays as it is: ${stays}.` : "",
    filesWords(facts),
    action.kind !== "redo" && facts.changes !== null ? "`/redo` brings it back." : "",
  ];
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

function conversationWords({ kind }: RollbackAction, { where }: Rollback): string {
  if (kind === "redo") return "The conversation is where it was.";
  return `The conversation is back at ${where.replace(/^before/, "the point before")}.`;
}

function filesWords({ rollback, changes, part }: RollbackFacts): string {
  if (part === "conversation") return "Only the conversation went back: the files are as they were.";
  if (rollback.filesStay !== "") return `The files stay: ${rollback.filesStay}.`;
  if (changes === null || changes.changes.length === 0) return "No file had to change.";
  const done = `${changesText(changes.changes)}.`;
  if (changes.left.length === 0) return done;
  return `${done} These could not be restored: ${changes.left.join(", ")}.`;
}

/** "Restored 3 files: a.ts, b.ts, and removed c.ts". */
function changesText(changes: readonly FileChange[]): string {
  const restored = changes.filter(({ change }) => change !== "removed").map(({ path }) => path);
  const removed = changes.filter(({ change }) => change === "removed").map(({ path }) => path);
  const parts = [
    ...(restored.length === 0 ? [] : [`restored ${listPaths(restored)}`]),
    ...(removed.length === 0 ? [] : [`removed ${listPaths(removed)}`]),
  ];
  const text = parts.join(", ");
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

const SHOWN = 5;

export function listPaths(paths: readonly string[]): string {
  const shown = paths.slice(0, SHOWN).map((path) => `\`${path}\``);
  const rest = paths.length - shown.length;
  return rest === 0 ? shown.join(", ") : `${shown.join(", ")} and ${rest} more`;
}
