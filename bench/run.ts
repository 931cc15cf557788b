// The bench: `npm run bench [-- --quick] [-- --only NAME]`. Prints a table of medians beside bare Node and our bounds.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { archive } from "./measure-archive.ts";
import { checkpoints } from "./measure-checkpoints.ts";
import { completion } from "./measure-completion.ts";
import { idle } from "./measure-idle.ts";
import { keys } from "./measure-keys.ts";
import { length } from "./measure-length.ts";
import { memory } from "./measure-memory.ts";
import { oneShot } from "./measure-one-shot.ts";
import { runtimes } from "./measure-runtimes.ts";
import { sessions } from "./measure-sessions.ts";
import { prompt, version } from "./measure-start.ts";
import { steps } from "./measure-steps.ts";
import { streaming } from "./measure-streaming.ts";
import { view } from "./measure-view.ts";
import type { Measure, Rounds } from "./sample.ts";
import { isMissed, type Row, tableHead, tableLine } from "./table.ts";

const MEASURES: readonly Measure[] = [
  version,
  prompt,
  oneShot,
  steps,
  memory,
  streaming,
  keys,
  length,
  idle,
  completion,
  sessions,
  archive,
  view,
  checkpoints,
  runtimes,
];
const QUICK_ROUNDS = 3;

const { values: flags } = parseArgs({
  options: { quick: { type: "boolean" }, only: { type: "string", multiple: true } },
});

const rounds: Rounds = (full) => (flags.quick ? Math.min(full, QUICK_ROUNDS) : full);

function chosen(): readonly Measure[] {
  const names = flags.only;
  if (names === undefined) return MEASURES;
  const unknown = names.find((name) => MEASURES.every((measure) => measure.name !== name));
  if (unknown === undefined) return MEASURES.filter(({ name }) => names.includes(name));
  throw new Error(`There is no "${unknown}"; there are ${MEASURES.map(({ name }) => name).join(", ")}.`);
}

if (process.platform !== "linux") throw new Error("The bench reads /proc: it runs on Linux only.");
console.log(`Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model ?? "unknown"})\n`);
console.log(tableHead());
const rows: Row[] = [];
for (const measure of chosen()) {
  for (const row of await measure.run(rounds)) {
    rows.push(row);
    console.log(tableLine(row));
  }
}
const missed = rows.filter(isMissed).length;
console.log(`\n${rows.length} rows, ${missed === 0 ? "every bound held" : `${missed} over their bound`}.`);
