// A program without a protocol: it shows a sign, reads a line of its terminal, and does what a script says, one turn a line.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** `print` as it is; then `hold`: no more until Ctrl+C; `ignore`: not even then; `exit` with this status. */
export type TerminalAct = {
  print?: string;
  hold?: boolean;
  ignore?: boolean;
  exit?: number;
  /** Milliseconds before anything is printed. */
  afterMs?: number;
};

/** Turns are counted over starts of the program. `first` is printed before the first sign. */
export async function terminalAgent(
  folder: string,
  turns: TerminalAct[],
  { first = "ready\n", sign = "> " } = {},
): Promise<{ command: string; args: string[]; typed: string }> {
  const file = join(folder, "agent.cjs");
  const typed = join(folder, "typed.jsonl");
  await writeFile(file, program({ turns, first, sign, typed }));
  return { command: process.execPath, args: [file], typed };
}

function program(script: { turns: TerminalAct[]; first: string; sign: string; typed: string }): string {
  return `const fs = require("node:fs");
const { turns, first, sign, typed } = ${JSON.stringify(script)};
const count = () => fs.existsSync(typed) ? fs.readFileSync(typed, "utf8").trim().split("\\n").length : 0;
const ask = () => { process.stdout.write(sign); process.stdin.resume(); };
let held = null;
let deaf = false;
process.on("SIGINT", () => {
  if (deaf) return;
  clearInterval(held);
  process.stdout.write("\\nstopped\\n");
  ask();
});
process.on("SIGTERM", () => { if (!deaf) process.exit(143); });
process.on("SIGHUP", () => { if (!deaf) process.exit(129); });
process.stdin.setEncoding("utf8").on("data", (line) => {
  const turn = turns[count()] ?? {};
  fs.appendFileSync(typed, JSON.stringify(line.trimEnd()) + "\\n");
  process.stdin.pause();
  setTimeout(() => {
    if (turn.print !== undefined) process.stdout.write(turn.print);
    if (turn.exit !== undefined) process.exit(turn.exit);
    deaf = turn.ignore === true;
    if (turn.hold || turn.ignore) held = setInterval(() => undefined, 1_000);
    else ask();
  }, turn.afterMs ?? 0);
});
process.stdout.write(first);
ask();
`;
}
