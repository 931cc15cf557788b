// Templates of the status line: "{state} · {model} · ctx {context}%". Parsed once, filled for each frame. Pure.
import { textWidth, truncateText } from "../../lib/text-width.ts";

/** What a template may name, most dearly kept first when space is short. */
export const STATUS_FIELDS = [
  "state",
  "editing",
  "mode",
  "try",
  "background",
  "model",
  "context",
  "role",
  "runtime",
  "cost",
  "branch",
  "thinking",
  "queue",
  "session",
  "tokens",
  "folder",
  "version",
] as const;
type StatusField = (typeof STATUS_FIELDS)[number];

export type StatusValues = Readonly<Record<StatusField, string>>;

type Piece = { field: StatusField } | { text: string };

/** What stands between two separators. `rank`: 0 is kept longest. `separator` stands before it. */
type Part = { separator: string; pieces: readonly Piece[]; rank: number };

export type StatusTemplate = { parts: readonly Part[]; unknown: readonly string[] };

export const DEFAULT_TEMPLATE =
  "{state} · {editing} · {background} · {model} · thinking {thinking} · {runtime} · {role} · ctx {context}% · {cost} · " +
  "{branch} · {try} · {mode}";

/** A sign with blanks around it, or more than one blank. */
const SEPARATOR = /(\s+[·•|/\-–—:,>»]+\s+|\s{2,})/;
const FIELD = /\{([^{}]*)\}/;

/** Fields that do not exist are left out and named in `unknown`. */
export function parseTemplate(template: string): StatusTemplate {
  const unknown: string[] = [];
  const [first = "", ...rest] = template
    .replaceAll(/\s*[\r\n]\s*/g, " ")
    .trim()
    .split(SEPARATOR);
  const parts = [readPart("", first, unknown)];
  for (let at = 0; at + 1 < rest.length; at += 2)
    parts.push(readPart(rest[at] ?? "", rest[at + 1] ?? "", unknown));
  return { parts: parts.filter((part) => part.pieces.length > 0), unknown };
}

/** One sentence about fields that do not exist; null when all do. */
export function templateProblem({ unknown }: StatusTemplate): string | null {
  if (unknown.length === 0) return null;
  const names = unknown.map((name) => `{${name}}`).join(", ");
  const fields = STATUS_FIELDS.map((name) => `{${name}}`).join(" ");
  return `statusLine.template: there is no ${names}. Fields are ${fields}.`;
}

/**
 * The line, at most `width` columns. A part whose fields are all empty goes with its separator; when space is short the
 * parts go whose dearest field is kept least. `·` becomes `dot`, which is another sign where there is only ASCII.
 */
export function fillTemplate(
  { parts }: StatusTemplate,
  values: StatusValues,
  { width, dot, ellipsis }: { width: number; dot: string; ellipsis: string },
): string {
  let shown = parts.flatMap((part) => {
    const text = fillPart(part, values);
    return text === null ? [] : [{ text, rank: part.rank, separator: part.separator.replaceAll("·", dot) }];
  });
  const joined = (): string =>
    shown.map(({ separator, text }, index) => (index === 0 ? text : separator + text)).join("");
  while (shown.length > 1 && textWidth(joined()) > width) {
    const least = Math.max(...shown.map((part) => part.rank));
    shown = shown.filter((part) => part.rank !== least);
  }
  return truncateText(joined(), width, ellipsis);
}

function readPart(separator: string, text: string, unknown: string[]): Part {
  const pieces: Piece[] = [];
  for (const [index, piece] of text.split(FIELD).entries()) {
    const field = STATUS_FIELDS.find((name) => name === piece);
    if (index % 2 === 0) {
      if (piece !== "") pieces.push({ text: piece });
    } else if (field) pieces.push({ field });
    else unknown.push(piece);
  }
  const ranks = pieces.flatMap((piece) => ("field" in piece ? [STATUS_FIELDS.indexOf(piece.field)] : []));
  return { separator, pieces, rank: ranks.length === 0 ? STATUS_FIELDS.length : Math.min(...ranks) };
}

/** Null for a part that has fields and all of them are empty. */
function fillPart({ pieces }: Part, values: StatusValues): string | null {
  const fields = pieces.flatMap((piece) => ("field" in piece ? [values[piece.field]] : []));
  if (fields.length > 0 && fields.every((value) => value === "")) return null;
  const text = pieces.map((piece) => ("field" in piece ? values[piece.field] : piece.text)).join("");
  return text.replaceAll(/\s+/g, " ").trim();
}
