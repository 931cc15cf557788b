// Calls of our tools under the names that Claude Code has for the same, so that its screen shows them and its model
// knows them. Calls of other tools stay as they are.

type Arguments = Readonly<Record<string, unknown>>;
type Call = { name: string; input: Arguments };

/** Our argument names to theirs; what is not named stays. */
const NAMES: Readonly<Record<string, { name: string; renamed: Readonly<Record<string, string>> }>> = {
  bash: { name: "Bash", renamed: {} },
  read: { name: "Read", renamed: { path: "file_path" } },
  write: { name: "Write", renamed: { path: "file_path" } },
  grep: { name: "Grep", renamed: {} },
  glob: { name: "Glob", renamed: {} },
};

export function claudeTool(name: string, args: Arguments): Call {
  if (name === "edit") return oneEdit(args) ?? { name, input: args };
  const known = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (known === undefined) return { name, input: args };
  const input = Object.entries(args).map(([key, value]) => [known.renamed[key] ?? key, value] as const);
  return { name: known.name, input: Object.fromEntries(input) };
}

/** Theirs makes one replacement; null for a call with more. */
function oneEdit({ path, edits }: Arguments): Call | null {
  const edit: unknown = Array.isArray(edits) && edits.length === 1 ? edits[0] : null;
  if (typeof path !== "string" || typeof edit !== "object" || edit === null) return null;
  const given: Arguments = { ...edit };
  const from = given.old_text ?? given.oldText;
  const to = given.new_text ?? given.newText;
  if (typeof from !== "string" || typeof to !== "string") return null;
  const all = given.replace_all === true ? { replace_all: true } : {};
  return { name: "Edit", input: { file_path: path, old_string: from, new_string: to, ...all } };
}
