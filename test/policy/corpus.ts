// Reads the shared corpora. Their commands are data: they are parsed and judged, never run.
import { existsSync, readFileSync } from "node:fs";

const FOLDER = "../shared/corpora";

export const hasCorpora = existsSync(`${FOLDER}/shell-policy/auto-safe.jsonl`);

/** The rows of a file like `shell-policy/auto-safe.jsonl`; none when the corpora are not there. */
export function corpus<Row>(name: string): Row[] {
  const file = `${FOLDER}/${name}.jsonl`;
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Row);
}
