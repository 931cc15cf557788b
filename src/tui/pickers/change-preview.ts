// Changes of files as the lines of a preview: names with counts, then the lines that differ. Pure.
import type { FileDiff } from "../../protocol/checkpoint.ts";
import type { PreviewLine } from "../components/picker-preview.ts";
import type { ThemeToken } from "../theme/theme-file.ts";

/** More rows no preview shows. */
const MOST_LINES = 200;
const NAMED_FILES = 6;

export function changeLines(changes: readonly FileDiff[]): PreviewLine[] {
  const named = changes.slice(0, NAMED_FILES).map(nameLine);
  const rest = changes.length - named.length;
  const more: PreviewLine[] = rest > 0 ? [{ spans: [{ text: `and ${rest} more files`, token: "dim" }] }] : [];
  return [...named, ...more, ...changes.flatMap(patchLines)].slice(0, MOST_LINES);
}

const SIGNS = { added: "+", changed: "~", removed: "-" } as const;
const TOKENS = { added: "diffAdd", changed: "text", removed: "diffRemove" } as const;

function nameLine({ path, change, added, removed }: FileDiff): PreviewLine {
  const counts = added === null || removed === null ? "no text" : `+${added} -${removed}`;
  return {
    spans: [
      { text: `${SIGNS[change]} ${path}  `, token: TOKENS[change] },
      { text: counts, token: "dim" },
    ],
    rows: 1,
  };
}

function patchLines({ path, patch }: FileDiff): PreviewLine[] {
  const at = patch.search(/^@@/m);
  if (at < 0) return [];
  const lines = patch.slice(at).trimEnd().split("\n").slice(0, MOST_LINES);
  return [
    { spans: [{ text: path, token: "dim" }], rows: 1 },
    ...lines.map((text): PreviewLine => ({ spans: [{ text, token: tokenOf(text) }], rows: 1 })),
  ];
}

function tokenOf(line: string): ThemeToken {
  if (line.startsWith("+")) return "diffAdd";
  if (line.startsWith("-")) return "diffRemove";
  return line.startsWith("@@") ? "dim" : "text";
}
