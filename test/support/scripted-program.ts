// A program that plays a script: run by node with the script's file as its argument, it writes what it was told to the
// script's log, one JSON object a line. What starts it, and what it was told so far.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type ScriptedProgram<Script, Entry> = {
  command: string;
  args: string[];
  /** All entries of the log, or those of one kind. */
  told: (kind?: string) => Entry[];
  /** For the next start of the program. */
  rescript: (script: Script) => void;
};

/** `module`: the file of the program. `kindOf`: by what its entries are asked for. */
export function scriptedProgram<Script extends object, Entry>(
  module: string,
  { folder, script, kindOf }: { folder: string; script: Script; kindOf: (entry: Entry) => string },
): ScriptedProgram<Script, Entry> {
  const log = join(folder, "agent.log");
  const file = join(folder, "agent.json");
  const rescript = (next: Script) => writeFileSync(file, JSON.stringify({ ...next, log, folder }));
  writeFileSync(log, "", { flag: "a" });
  rescript(script);
  const told = (kind?: string): Entry[] => {
    const lines = readFileSync(log, "utf8").split("\n").slice(0, -1);
    const all = lines.map((line): Entry => JSON.parse(line));
    return kind === undefined ? all : all.filter((entry) => kindOf(entry) === kind);
  };
  return { command: process.execPath, args: [module, file], told, rescript };
}
