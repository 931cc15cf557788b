// Reads a unified diff line by line. Takes what it gets: a cut or odd patch gives the lines that were understood.

/** `number` is the line's number in the new file, for removed lines in the old one; context has `oldNumber` too. */
export type ChangedLine =
  | { kind: "context"; text: string; number: number; oldNumber: number }
  | { kind: "add" | "remove"; text: string; number: number };

export type PatchLine =
  | ChangedLine
  /** Between two hunks; `file` names the file when another one begins. */
  | { kind: "gap"; file: string | null };

type Position = { oldLine: number; newLine: number; oldLeft: number; newLeft: number };

/** Lines end with a newline alone: what else a file has in its lines is theirs. */
export function parsePatch(patch: string): PatchLine[] {
  const lines: PatchLine[] = [];
  let at: Position = { oldLine: 0, newLine: 0, oldLeft: 0, newLeft: 0 };
  let file: string | null = null;
  for (const line of patch.split("\n")) {
    if (at.oldLeft > 0 || at.newLeft > 0) {
      const parsed = parseChange(line, at);
      if (parsed) lines.push(parsed);
      continue;
    }
    if (line.startsWith("+++ ")) file = fileName(line);
    const hunk = parseHunk(line);
    if (!hunk) continue;
    if (lines.length > 0) lines.push({ kind: "gap", file });
    at = hunk;
    file = null;
  }
  return lines;
}

/** Moves `at` behind the line; null for "\ No newline at end of file". */
function parseChange(line: string, at: Position): ChangedLine | null {
  const text = line.slice(1);
  switch (line[0]) {
    case "+":
      at.newLeft--;
      return { kind: "add", text, number: at.newLine++ };
    case "-":
      at.oldLeft--;
      return { kind: "remove", text, number: at.oldLine++ };
    case "\\":
      return null;
    default:
      at.oldLeft--;
      at.newLeft--;
      return { kind: "context", text, number: at.newLine++, oldNumber: at.oldLine++ };
  }
}

function parseHunk(line: string): Position | null {
  const match = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
  if (!match) return null;
  const [, oldLine, oldLeft = "1", newLine, newLeft = "1"] = match;
  return {
    oldLine: Number(oldLine),
    newLine: Number(newLine),
    oldLeft: Number(oldLeft),
    newLeft: Number(newLeft),
  };
}

function fileName(line: string): string {
  const [name = ""] = line.slice(4).split("\t");
  return name.replace(/^b\//, "").trimEnd();
}
