// Rules that the user stored by answering "always", kept per project in the user's own folder.
import { type StateFile, stateFile } from "./state-file.ts";
import { readRecord, readStrings } from "./state-shapes.ts";

/** Absolute project folder to its stored allow and deny rules. */
export type StoredPermissions = Readonly<
  Record<string, { allow: readonly string[]; deny: readonly string[] }>
>;

export function permissionsFile(file: string): StateFile<StoredPermissions> {
  return stateFile(file, parsePermissions, {});
}

/** The table with one more rule; the same table when the rule is there already. */
export function addStoredRule(
  table: StoredPermissions,
  project: string,
  rule: { kind: "allow" | "deny"; text: string },
): StoredPermissions {
  const stored = table[project] ?? { allow: [], deny: [] };
  if (stored[rule.kind].includes(rule.text)) return table;
  return { ...table, [project]: { ...stored, [rule.kind]: [...stored[rule.kind], rule.text] } };
}

/** The table without that rule of the project. */
export function removeStoredRule(
  table: StoredPermissions,
  project: string,
  rule: { kind: "allow" | "deny"; text: string },
): StoredPermissions {
  const stored = table[project];
  if (stored === undefined) return table;
  const kept = stored[rule.kind].filter((text) => text !== rule.text);
  return { ...table, [project]: { ...stored, [rule.kind]: kept } };
}

function parsePermissions(value: unknown): StoredPermissions | null {
  const record = readRecord(value);
  if (!record) return null;
  const entries = Object.entries(record).flatMap(([project, stored]) => {
    const rules = readRecord(stored);
    return rules
      ? [[project, { allow: readStrings(rules.allow), deny: readStrings(rules.deny) }] as const]
      : [];
  });
  return Object.fromEntries(entries);
}
