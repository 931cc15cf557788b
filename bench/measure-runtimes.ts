// External agents: what declaring ten of them costs at the start (nothing), and what our side takes for each event of one
// at work.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AgentAct, acpAgent } from "../test/support/acp-agent.ts";
import { openPlace, type Place } from "./place.ts";
import { HEARTH, runNode } from "./programs.ts";
import { type Measure, type Rounds, sample } from "./sample.ts";
import { openPrompt } from "./screen.ts";
import type { Row } from "./table.ts";

/** Of the start without any. */
const START_BOUND = 105;
/** Milliseconds. */
const EVENT_BOUND = 1;
const DELTAS = 3_000;
const CALLS = 200;
/** A call is told when it begins and when it is over. */
const EVENTS = DELTAS + 2 * CALLS;

const TEN = {
  "claude-code": {},
  codex: {},
  gemini: {},
  opencode: {},
  pi: {},
  ...Object.fromEntries(
    ["one", "two", "three"].map((name) => [name, { kind: "acp", command: `agent-${name}` }]),
  ),
  answers: { kind: "command", command: "answerer" },
  screen: { kind: "terminal", command: "some-program" },
};

export const runtimes: Measure = {
  name: "runtimes",
  run: async (rounds) => [await measureStart(rounds), await measureEvents(rounds)],
};

async function measureStart(rounds: Rounds): Promise<Row> {
  await using none = await openPlace([]);
  await using ten = await openPlace([]);
  await writeSettings(ten, { runtimes: TEN });
  const usable = async (place: Place): Promise<number> => {
    const { screen, usableMs } = await openPrompt([], place);
    await screen.leave();
    return usableMs;
  };
  const { values, bareMs: bare } = await sample(rounds(15), async () => {
    const without = await usable(none);
    return (100 * (await usable(ten))) / without;
  });
  return {
    name: "usable prompt, ten runtimes against none",
    unit: "%",
    samples: values,
    bound: START_BOUND,
    bare,
  };
}

/** A run with all the events against one that only says a word, both with the agent's program started anew. */
async function measureEvents(rounds: Rounds): Promise<Row> {
  await using place = await openPlace([]);
  const word: AgentAct[] = [{ do: "say", text: "done" }];
  const busy = await declareAgent(place, "busy", [
    ...Array.from({ length: DELTAS }, delta),
    ...calls(),
    ...word,
  ]);
  const quiet = await declareAgent(place, "quiet", word);
  await writeSettings(place, { runtimes: { busy, quiet } });
  const run = async (name: string): Promise<number> =>
    (await runNode([HEARTH, "-p", "go", "--runtime", name], place)).wallMs;
  const { values, bareMs: bare } = await sample(rounds(7), async () => {
    const base = await run("quiet");
    return ((await run("busy")) - base) / EVENTS;
  });
  return { name: "event of an external agent", unit: "ms", samples: values, bound: EVENT_BOUND, bare };
}

async function declareAgent({ env }: Place, name: string, turn: AgentAct[]) {
  const folder = join(env.HOME ?? "", name);
  await mkdir(folder);
  const { command, args } = acpAgent(folder, { turns: [turn] });
  return { kind: "acp", command, args };
}

function delta(_: unknown, index: number): AgentAct {
  return { do: "say", text: `word ${index} ` };
}

function calls(): AgentAct[] {
  return Array.from({ length: CALLS }, (_, index): AgentAct[] => {
    const toolCallId = `call-${index}`;
    const begun = {
      sessionUpdate: "tool_call",
      toolCallId,
      title: "ls",
      kind: "execute",
      status: "in_progress",
    };
    const content = [{ type: "content", content: { type: "text", text: `file ${index}` } }];
    const over = { sessionUpdate: "tool_call_update", toolCallId, status: "completed", content };
    return [
      { do: "update", update: { ...begun, rawInput: { command: `ls ${index}` } } },
      { do: "update", update: over },
    ];
  }).flat();
}

async function writeSettings({ env }: Place, settings: object): Promise<void> {
  const folder = env.HEARTH_HOME ?? "";
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "settings.json"), JSON.stringify(settings));
}
