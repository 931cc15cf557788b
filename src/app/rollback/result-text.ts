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

/** One line: it may stand under the input. */
export function resultText(facts: RollbackFacts): string {
  const { action, rollback, part, stays } = facts;
  if (part === "conversation") return "Only the conversation went back: the files are as they were.";
  const isMoved = part === "both" && stays === "";
  const isKept = part === "both" && stays !== "" && rollback.leaf !== undefined;
  const sentences = [
    `${placeWords(action, rollback, isMoved)}: ${filesWords(facts)}.`,
    isKept ? `The conversation stays as it is: ${stays}.` : "",
    action.kind !== "redo" && facts.changes !== null ? "`/redo` brings it back." : "",
  ];
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

/** "go back to the end of run 1", "go back before run 2". */
export function goBackWords(where: string): string {
  return where.startsWith("before") ? `go back ${where}` : `go back to ${where}`;
}

function placeWords({ kind }: RollbackAction, { where }: Rollback, isMoved: boolean): string {
  if (kind === "redo") return "Brought back";
  const place = where.startsWith("before") ? where : `at ${where}`;
  return isMoved ? `Back ${place}` : `The files are back ${place}`;
}

function filesWords({ rollback, changes }: RollbackFacts): string {
  if (rollback.filesStay !== "") return `the files stay, ${rollback.filesStay}`;
  if (changes === null || changes.changes.length === 0) return "no file had to change";
  const done = changesText(changes.changes);
  return changes.left.length === 0 ? done : `${done}; not restored: ${changes.left.join(", ")}`;
}

/** "restored a.ts, b.ts, removed c.ts". */
function changesText(changes: readonly FileChange[]): string {
  const restored = changes.filter(({ change }) => change !== "removed").map(({ path }) => path);
  const removed = changes.filter(({ change }) => change === "removed").map(({ path }) => path);
  const parts = [
    ...(restored.length === 0 ? [] : [`restored ${listPaths(restored)}`]),
    ...(removed.length === 0 ? [] : [`removed ${listPaths(removed)}`]),
  ];
  return parts.join(", ");
}

const SHOWN = 4;

export function listPaths(paths: readonly string[]): string {
  const shown = paths.slice(0, SHOWN).map((path) => `\`${path}\``);
  const rest = paths.length - shown.length;
  return rest === 0 ? shown.join(", ") : `${shown.join(", ")} and ${rest} more`;
}
