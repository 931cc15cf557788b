// Starts Claude Code: with its own earlier session where it still has it, else with our talk written as one, else anew.
import { rm } from "node:fs/promises";
import { AppError } from "../../lib/app-error.ts";
import { fieldOf } from "../../lib/field-of.ts";
import type { AgentConnection, Connect, ConnectOptions } from "../external/connection.ts";
import { type AgentProgram, startAgent } from "../external/start-agent.ts";
import { ClaudeConnection, claudeMode, type OpenedSession } from "./connect.ts";
import { newSessionId, type Seed, writeSeed } from "./seed.ts";

/**
 * Its own defaults would have it ask ten times, also for a key that is refused, and go on with work in the background
 * after its turn, where nobody sees it. What the settings give goes before.
 */
const ENVIRONMENT = { CLAUDE_CODE_MAX_RETRIES: "3", CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1" };

const PROTOCOL = (
  "-p --input-format stream-json --output-format stream-json --verbose --include-partial-messages " +
  "--replay-user-messages --permission-prompt-tool stdio"
).split(" ");

/** Gives the way to the program; connecting throws `runtime.start` or `runtime.auth`. */
export function claudeConnector(given: AgentProgram): Connect {
  const program = { ...given, env: { ...ENVIRONMENT, ...given.env } };
  return async (options) =>
    (await resume(program, options)) ?? (await goOn(program, options)) ?? (await begin(program, options));
}

/** Null when it no longer has that session. */
async function resume(program: AgentProgram, options: ConnectOptions): Promise<AgentConnection | null> {
  const { externalSessionId: sessionId } = options;
  if (sessionId === undefined || sessionId === "") return null;
  return tried(() => run(program, options, { sessionId, resumed: true, seeded: false }));
}

/** Null when there is no talk to go on with, or it cannot be given to it. */
async function goOn(program: AgentProgram, options: ConnectOptions): Promise<AgentConnection | null> {
  const seed = await seedOf(program, options);
  if (!seed) return null;
  const { sessionId, file } = seed;
  const connection = await tried(() =>
    run(program, options, { sessionId, resumed: false, seeded: true }),
  ).catch(async (error: unknown) => {
    await rm(file, { force: true });
    throw error;
  });
  if (!connection) await rm(file, { force: true });
  return connection;
}

/** What cannot be written is told to it in words instead. */
async function seedOf({ env }: AgentProgram, { history, cwd }: ConnectOptions): Promise<Seed | null> {
  try {
    return await writeSeed(history, cwd, env);
  } catch {
    return null; // Its folder may be another's, or full: that is no reason not to start it.
  }
}

function begin(program: AgentProgram, options: ConnectOptions): Promise<AgentConnection> {
  return run(program, options, { sessionId: newSessionId(), resumed: false, seeded: false });
}

function run(
  program: AgentProgram,
  options: ConnectOptions,
  session: OpenedSession,
): Promise<AgentConnection> {
  const { sessionId, resumed, seeded } = session;
  const place = [resumed || seeded ? "--resume" : "--session-id", sessionId];
  const args = [...program.args, ...PROTOCOL, "--permission-mode", claudeMode(options.mode), ...place];
  return startAgent(
    { ...program, args },
    options,
    (process) => new ClaudeConnection(process, options, session),
  );
}

/** Null when the program ended at once, as it does for a session that it does not have. */
async function tried(start: () => Promise<AgentConnection>): Promise<AgentConnection | null> {
  try {
    return await start();
  } catch (error) {
    const cause = fieldOf(error, "cause");
    if (cause instanceof AppError && cause.code === "runtime.crashed") return null;
    throw error;
  }
}
