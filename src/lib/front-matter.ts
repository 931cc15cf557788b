// Front matter: the `---` block of `key: value` lines with which a Markdown file may begin. As much of YAML as people
// write there: texts, quoted texts, lists in brackets or as `- ` lines, comments. Nothing in it is ever run.

/** By name. A list in brackets is a text until it is asked for as a list; a key without a value is an empty text. */
export type FrontMatter = ReadonlyMap<string, string | readonly string[]>;

const FENCE = /^---[ \t]*$/;
const FIELD = /^([A-Za-z][\w-]*)[ \t]*:(?:[ \t]+(.*))?$/;
const BRACKETS = /^\[(.*)\]$/;
const ITEM = /^[ \t]*-[ \t]+(.*)$/;

/** The whole text is the body where no block begins it, or where the block has no end. */
export function readFrontMatter(text: string): { fields: FrontMatter; body: string } {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const end = FENCE.test(lines[0] ?? "") ? lines.findIndex((line, at) => at > 0 && FENCE.test(line)) : -1;
  if (end < 0) return { fields: new Map(), body: lines.join("\n").trim() };
  const body = lines
    .slice(end + 1)
    .join("\n")
    .trim();
  return { fields: readFields(lines.slice(1, end)), body };
}

/** The text of a field; a list in one line. Undefined where it is missing or empty. */
export function textField(fields: FrontMatter, name: string): string | undefined {
  const value = fields.get(name);
  const text = typeof value === "string" ? value : value?.join(", ");
  return text === undefined || text === "" ? undefined : text;
}

/** The items of a field: of its lines, its brackets, or between its commas. Undefined where it is missing. */
export function listField(fields: FrontMatter, name: string): string[] | undefined {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  const items = typeof value === "string" ? (BRACKETS.exec(value)?.[1] ?? value).split(",") : value;
  return items.map(plainText).filter((item) => item !== "");
}

function readFields(lines: readonly string[]): FrontMatter {
  const fields = new Map<string, string | string[]>();
  let open = "";
  for (const line of lines) {
    const item = ITEM.exec(line);
    const field = FIELD.exec(line);
    if (item && open !== "") {
      const known = fields.get(open);
      fields.set(open, [...(Array.isArray(known) ? known : []), plainText(item[1] ?? "")]);
    } else if (field) {
      const [, name = "", value = ""] = field;
      open = plainText(value) === "" ? name : "";
      fields.set(name, plainText(value));
    }
  }
  return fields;
}

/** Without the quotes around it, or without the comment behind it. */
function plainText(text: string): string {
  const trimmed = text.trim();
  const quoted = /^"((?:[^"\\]|\\.)*)"|^'((?:[^']|'')*)'/.exec(trimmed);
  if (quoted?.[1] !== undefined) return quoted[1].replace(/\\(["\\])/g, "$1");
  if (quoted?.[2] !== undefined) return quoted[2].replaceAll("''", "'");
  return trimmed.replace(/(^|\s)#.*$/, "").trim();
}
