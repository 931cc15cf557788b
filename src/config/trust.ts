// Directory trust: a project's own settings take effect only where the user said so.
import { dirname } from "node:path";
import { type StateFile, stateFile } from "./state-file.ts";
import { readRecord } from "./state-shapes.ts";

/** Absolute real paths to what the user answered. */
type TrustTable = Readonly<Record<string, "trusted" | "untrusted">>;

export function trustFile(file: string): StateFile<TrustTable> {
  return stateFile(file, parseTrust, {});
}

/** The answer for `directory`: its own, else the nearest parent's; "unknown" when nobody was asked. */
export function trustOf(table: TrustTable, directory: string): "trusted" | "untrusted" | "unknown" {
  let current = directory;
  for (;;) {
    const answer = table[current];
    if (answer) return answer;
    const parent = dirname(current);
    if (parent === current) return "unknown";
    current = parent;
  }
}

function parseTrust(value: unknown): TrustTable | null {
  const record = readRecord(value);
  if (!record) return null;
  const table: Record<string, "trusted" | "untrusted"> = {};
  for (const [path, answer] of Object.entries(record)) {
    if (answer === "trusted" || answer === "untrusted") table[path] = answer;
  }
  return table;
}
