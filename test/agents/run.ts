// `npm run test:agents`: plays the cases with the real agent programs, their models being the stub, and prints a table.
// `--agent NAME` and `--case NAME` (both may be repeated) narrow it; `--keep` leaves the places of failed cases.
// Programs are installed into HEARTH_TEST_AGENTS (default: a folder of the user's cache). Exit code 1 on a failure.
import { parseArgs } from "node:util";
import { toFailure } from "../../src/lib/app-error.ts";
import { AGENTS, type Agent, claudeCode, codex, native } from "./agents.ts";
import { type Bed, openBed } from "./bed.ts";
import { playSwitches } from "./cases/switch.ts";
import { CASES } from "./cases/table.ts";
import { installedVersion, installPrograms, programsFolder } from "./programs.ts";
import { type Column, type Result, reasons, table } from "./report.ts";

/** Nothing is left alive, over all cases of an agent. */
const LEFT = "nothing left";
const SWITCHES = "switches";

const { values } = parseArgs({
  options: {
    agent: { type: "string", multiple: true },
    case: { type: "string", multiple: true },
    keep: { type: "boolean", default: false },
  },
});

// Each place leaves a trace of its own until this process ends.
process.setMaxListeners(0);
const folder = programsFolder();
const agents = AGENTS.filter(({ name }) => values.agent?.includes(name) ?? true);
const cases = CASES.filter(({ name }) => values.case?.includes(name) ?? true);
const installs = await install();
const columns: Column[] = [];
for (const agent of agents) columns.push(await playAgent(agent));
if (values.case?.includes(SWITCHES) ?? values.agent === undefined) columns.push(await playSwitchColumn());

console.log(`\n${table(columns, [...cases.map(({ name }) => name), SWITCHES, LEFT])}`);
for (const reason of [...installs, ...reasons(columns)]) console.log(reason);
const failed = columns.some(({ results }) => [...results.values()].some(({ state }) => state === "FAIL"));
process.exit(failed || installs.length > 0 ? 1 : 0);

/** What npm could not do: the agents that are there are played all the same. */
async function install(): Promise<string[]> {
  try {
    await installPrograms(folder, [...new Set(agents.flatMap(({ packages }) => packages))]);
    return [];
  } catch (error) {
    return [`FAIL installing: ${toFailure(error).message}`];
  }
}

async function playAgent(agent: Agent): Promise<Column> {
  const results = new Map<string, Result>();
  const left: string[] = [];
  for (const { name, play } of cases) {
    const lack = missing(agent) ?? agent.lacks?.[name];
    const { result, alive } =
      lack === undefined ? await playIn([agent], name, play) : { result: notPlayed(lack), alive: [] };
    left.push(...alive);
    results.set(name, result);
  }
  if (cases.length > 0) results.set(LEFT, nothingLeft(left));
  return { agent: agent.name, versions: versionsOf(agent), results };
}

async function playSwitchColumn(): Promise<Column> {
  const lack = [claudeCode, codex].map(missing).find((why) => why !== undefined);
  const play = (bed: Bed) => playSwitches(bed, native, claudeCode, codex);
  const { result, alive } =
    lack === undefined
      ? await playIn([native, claudeCode, codex], SWITCHES, play)
      : { result: notPlayed(lack), alive: [] };
  const results = new Map([
    [SWITCHES, result],
    [LEFT, nothingLeft(alive)],
  ]);
  const versions = [...versionsOf(claudeCode), ...versionsOf(codex)];
  return { agent: "native, claude-code, codex, native", versions, results };
}

type Play = (bed: Bed) => Promise<string | undefined>;

/** What was still alive after it is named, each by its command. */
async function playIn(
  played: readonly [Agent, ...Agent[]],
  name: string,
  play: Play,
): Promise<{ result: Result; alive: string[] }> {
  const began = Date.now();
  const bed = await openBed(folder, name, played);
  let result: Result;
  try {
    result = { state: "ok", note: await play(bed) };
  } catch (error) {
    result = { state: "FAIL", why: error instanceof Error ? error.message : String(error) };
  }
  const alive = (await bed.close()).map(({ command }) => `${name}: ${command}`);
  const kept = result.state === "FAIL" && values.keep;
  if (!kept) await bed.remove();
  const why = result.state === "ok" ? (result.note ?? "") : result.why;
  const where = kept ? `\nkept: ${bed.place.root}` : "";
  console.log(`${played[0].name}  ${name}  ${result.state}  ${Date.now() - began} ms  ${why}${where}`);
  return { result, alive };
}

function nothingLeft(alive: readonly string[]): Result {
  return alive.length === 0 ? { state: "ok" } : { state: "FAIL", why: alive.join("; ") };
}

function notPlayed(why: string): Result {
  return { state: "n.a.", why };
}

function versionsOf({ packages }: Agent): string[] {
  return packages.map((name) => installedVersion(folder, name) ?? "none");
}

function missing({ packages }: Agent): string | undefined {
  const absent = packages.find((name) => installedVersion(folder, name) === null);
  return absent === undefined ? undefined : `${absent} is not installed in ${folder}`;
}
