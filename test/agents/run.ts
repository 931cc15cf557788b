// `npm run test:agents`: plays the cases with the real agent programs, their models being the stub, and prints a table.
// `--agent NAME` and `--case NAME` (both may be repeated) narrow it; `--keep` leaves the places of failed cases.
// Programs are installed into HEARTH_TEST_AGENTS (default: a folder of the user's cache). Exit code 1 on a failure.
import { parseArgs } from "node:util";
import { AGENTS, type Agent } from "./agents.ts";
import { openBed } from "./bed.ts";
import type { Case } from "./cases/case.ts";
import { CASES } from "./cases/table.ts";
import type { FoundProcess } from "./processes.ts";
import { installedVersion, installPrograms, programsFolder } from "./programs.ts";
import { type Column, type Result, reasons, table } from "./report.ts";

/** Nothing is left alive, over all cases of an agent. */
const LEFT = "nothing left";

const { values } = parseArgs({
  options: {
    agent: { type: "string", multiple: true },
    case: { type: "string", multiple: true },
    keep: { type: "boolean", default: false },
  },
});

const folder = programsFolder();
const agents = AGENTS.filter(({ name }) => values.agent?.includes(name) ?? true);
const cases = CASES.filter(({ name }) => values.case?.includes(name) ?? true);
await installPrograms(folder, [...new Set(agents.flatMap(({ packages }) => packages))]);
const columns: Column[] = [];
for (const agent of agents) columns.push(await playAgent(agent));

console.log(`\n${table(columns, [...cases.map(({ name }) => name), LEFT])}`);
for (const reason of reasons(columns)) console.log(reason);
const failed = columns.some(({ results }) => [...results.values()].some(({ state }) => state === "FAIL"));
process.exit(failed ? 1 : 0);

async function playAgent(agent: Agent): Promise<Column> {
  const results = new Map<string, Result>();
  const left: string[] = [];
  for (const played of cases) {
    const began = Date.now();
    const { result, alive } = await playCase(agent, played);
    left.push(...alive.map(({ command }) => `${played.name}: ${command}`));
    results.set(played.name, result);
    const why = result.state === "ok" ? (result.note ?? "") : result.why;
    console.log(`${agent.name}  ${played.name}  ${result.state}  ${Date.now() - began} ms  ${why}`);
  }
  results.set(LEFT, left.length === 0 ? { state: "ok" } : { state: "FAIL", why: left.join("; ") });
  const versions = agent.packages.map((name) => installedVersion(folder, name) ?? "?");
  return { agent: agent.name, versions, results };
}

async function playCase(agent: Agent, played: Case): Promise<{ result: Result; alive: FoundProcess[] }> {
  const except = agent.lacks?.[played.name];
  if (except !== undefined) return { result: { state: "n.a.", why: except }, alive: [] };
  const bed = await openBed(folder, agent);
  let result: Result;
  try {
    result = { state: "ok", note: await played.play(bed) };
  } catch (error) {
    result = { state: "FAIL", why: error instanceof Error ? error.message : String(error) };
  }
  const alive = await bed.close();
  if (result.state === "FAIL" && values.keep) console.log(`kept: ${bed.place.root}`);
  else await bed.remove();
  return { result, alive };
}
