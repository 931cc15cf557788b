// Runs inside an overlay: opens the try of the folder named first, plays rounds from a seed on, prints what was wrong.

import { readRecord, tryPlaces } from "../../src/sandbox/overlay/record.ts";
import { openTrial } from "../../src/sandbox/overlay/trial.ts";
import { playRound } from "./try-rounds.ts";

const [dir = "", id = "", first = "0", rounds = "1"] = process.argv.slice(2);
const places = tryPlaces(dir, id);
const record = await readRecord(places.folder);
if (record === null) throw new Error("there is no try");
const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };
const trial = await openTrial({ record, places, env });
for (let seed = Number(first); seed < Number(first) + Number(rounds); seed++) {
  const wrong = await playRound(trial, { tried: record.covered, real: places.real, seed });
  for (const words of wrong) process.stdout.write(`seed ${seed}: ${words}\n`);
}
process.stdout.write("played\n");
