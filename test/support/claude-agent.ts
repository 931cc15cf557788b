// A scripted Claude Code: a real program that speaks its stream-json with control requests, as 2.1.328 does. Run by node
// with the script's file as its first argument and the real flags after it; it writes what it was told to the script's
// log, one JSON object a line. It plays acts, or says again what a recorded one said.
import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Recorded } from "./acp-transcript.ts";
import { ActingAgent, type ClaudeAct } from "./claude-agent-acts.ts";
import type { AnsweringAgent, Outside } from "./claude-agent-parts.ts";
import { ReplayingAgent } from "./claude-agent-replay.ts";
import type { ReplayStep } from "./claude-transcript.ts";
import { scriptedProgram } from "./scripted-program.ts";

export type ClaudeScript = {
  /** One entry a turn; further turns say "done". */
  turns?: ClaudeAct[][];
  /** Instead: what a recorded program said, and what it waited for. */
  replay?: ReplayStep[];
  /** Over the answer to initialize. */
  initialized?: Recorded;
  /** Over what it says of itself at the beginning of each turn. */
  init?: Recorded;
  /** It tells nothing of what becomes of messages. */
  mute?: boolean;
  /** Sessions that `--resume` finds beside those whose files lie in its folder. */
  knows?: string[];
  /** Before anything: end with this code, or never answer. */
  start?: { exit: number; say?: string } | "hang";
};

/** `kind`: of its line, or "start" with its arguments and the session that they name. */
export type Told = { kind: string; line: Recorded; pid: number };

/** The command line that runs a script in `folder`, and what the agent was told so far. */
export function claudeAgent(folder: string, script: ClaudeScript) {
  const program = scriptedProgram<ClaudeScript, Told>(fileURLToPath(import.meta.url), {
    folder,
    script,
    kindOf: ({ kind }) => kind,
  });
  const { told } = program;
  return {
    ...program,
    /** Of each message the texts of its blocks (the type of a block that has none). */
    prompts: (): string[][] =>
      told("user").map(({ line }) => line.message.content.map((block: Recorded) => block.text ?? block.type)),
    /** Requests of one kind. */
    requests: (subtype: string): Recorded[] =>
      told("control_request").flatMap(({ line }) => (line.request.subtype === subtype ? [line.request] : [])),
    /** Answers to what it asked, without those of hooks. */
    answers: (): Recorded[] =>
      told("control_response").flatMap(({ line }) =>
        line.response.response?.behavior === undefined ? [] : [line.response.response],
      ),
  };
}

function sessionExists(id: string, { knows = [] }: ClaudeScript): boolean {
  const projects = join(process.env.CLAUDE_CONFIG_DIR ?? join(process.env.HOME ?? "", ".claude"), "projects");
  const folders = existsSync(projects) ? readdirSync(projects) : [];
  return knows.includes(id) || folders.some((folder) => existsSync(join(projects, folder, `${id}.jsonl`)));
}

function serve(script: ClaudeScript & { log: string }, flags: readonly string[]): void {
  const outside: Outside = {
    say: (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
    note: (kind, line) => appendFileSync(script.log, `${JSON.stringify({ kind, line, pid: process.pid })}\n`),
  };
  const named = (flag: string) => (flags.includes(flag) ? (flags[flags.indexOf(flag) + 1] ?? "") : null);
  const resumed = named("--resume");
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("CLAUDE_")));
  outside.note("start", { flags, env, session: resumed ?? named("--session-id") });
  if (script.start === "hang") {
    setInterval(() => undefined, 1_000);
    return;
  }
  if (script.start) {
    process.stderr.write(`${script.start.say ?? ""}\n`);
    process.exit(script.start.exit);
  }
  if (resumed !== null && !sessionExists(resumed, script)) {
    const error = `No conversation found with session ID: ${resumed}`;
    process.stderr.write(`${error}\n`);
    outside.say({ type: "result", subtype: "error_during_execution", is_error: true, errors: [error] });
    process.exitCode = 1;
    return;
  }
  const agent: AnsweringAgent = script.replay
    ? new ReplayingAgent(script.replay, script, outside)
    : new ActingAgent(script.turns ?? [], script, outside);
  const input = createInterface({ input: process.stdin });
  input.on("line", (text) => agent.hear(JSON.parse(text)));
  input.on("close", () => process.exit(0));
}

const [, program, scriptFile, ...flags] = process.argv;
if (program === fileURLToPath(import.meta.url) && scriptFile) {
  serve(JSON.parse(readFileSync(scriptFile, "utf8")), flags);
}
