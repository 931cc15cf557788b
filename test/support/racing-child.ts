// A real process that tries for the lock of one session after the other, at moments that it shares with others. Prints
// the numbers of those it has on one line, and keeps them until its input ends.
import { join } from "node:path";
import { AppError } from "../../src/lib/app-error.ts";
import { lockSession } from "../../src/session/lock.ts";

const [folder = "", races = "0", start = "0"] = process.argv.slice(2);
const STEP_MS = 4;
const won: number[] = [];

for (let race = 0; race < Number(races); race++) {
  while (Date.now() < Number(start) + race * STEP_MS); // Sleeping would wake each at another moment.
  try {
    lockSession(join(folder, `${race}`));
    won.push(race);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "session.locked") throw error;
  }
}
process.stdout.write(`${won.join(" ")}\n`);
process.stdin.resume();
