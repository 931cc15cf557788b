// Changes of a try in words, for lists without a screen. Texts are not sanitised.
import type { Settlement, TryChange } from "../protocol/try-change.ts";

/** "M src/a.ts  +3 -1", with what else there is to say. */
export function changeLine(change: TryChange): string {
  return `${changeSign(change)} ${shownPath(change.path)}  ${changeDetail(change)}`.trimEnd();
}

/** In quotes where a name holds what would break the line. */
function shownPath(path: string): string {
  return /[\x00-\x1f\x7f]/.test(path) ? JSON.stringify(path) : path;
}

/** As git's short status has them; C where the workspace has another version. */
export function changeSign({ kind, state }: TryChange): string {
  if (state === "conflict") return "C";
  switch (kind) {
    case "added":
      return "A";
    case "changed":
      return "M";
    case "deleted":
      return "D";
  }
}

export function changeDetail({ what, added, removed, state }: TryChange): string {
  const counts = [added === 0 ? "" : `+${added}`, removed === 0 ? "" : `-${removed}`].filter(
    (text) => text !== "",
  );
  const size = what === "text" ? counts.join(" ") : WHAT[what];
  return [size, state === "conflict" ? "changed in the workspace too" : ""]
    .filter((text) => text !== "")
    .join(", ");
}

const WHAT: Readonly<Record<Exclude<TryChange["what"], "text">, string>> = {
  binary: "no text",
  link: "link",
  folder: "folder",
  mode: "mode",
};

const GROUPS = { git: "what git keeps (.git)", ignored: "files that git ignores (ignored)" } as const;

/** A line for each, and one for each group of those that nobody reads one by one. */
export function changeLines(changes: readonly TryChange[]): string[] {
  const groups = Map.groupBy(changes, ({ group }) => group);
  const gathered = (["git", "ignored"] as const).flatMap((group) => {
    const members = groups.get(group);
    return members ? [`${groupSign(members)} ${GROUPS[group]}  ${members.length} in all`] : [];
  });
  return [...(groups.get(null) ?? []).map(changeLine), ...gathered];
}

function groupSign(changes: readonly TryChange[]): string {
  return changes.some(({ state }) => state === "conflict") ? "C" : "M";
}

/** A group is one. */
export function countChanges(changes: readonly TryChange[]): string {
  const count = changeLines(changes).length;
  return count === 1 ? "1 change" : `${count} changes`;
}

/** What was settled, and what was left alone. `verb`: Applied, Discarded. */
export function settledWords(verb: string, { done, conflicts }: Settlement): string {
  const [only, ...others] = done;
  const what = only && others.length === 0 ? shownPath(only.path) : countChanges(done);
  const left = [
    ...new Set(conflicts.map(({ path, group }) => (group === "git" ? ".git" : shownPath(path)))),
  ].join(", ");
  const told = left === "" ? "" : ` Changed in the workspace too, left alone: ${left}.`;
  return `${verb} ${what}.${told}`;
}
