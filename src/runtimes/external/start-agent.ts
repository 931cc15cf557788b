// Starts an external agent's program and lets it open a session, within its time and without a trace where it fails.
import { AppError, toFailure } from "../../lib/app-error.ts";
import { withDeadline } from "../../lib/deadline.ts";
import { type PipedProcess, startPipedProcess } from "../../lib/piped-process.ts";
import type { AgentConnection, ConnectOptions } from "./connection.ts";

export type AgentProgram = {
  command: string;
  args: readonly string[];
  /** The whole environment of the program. */
  env: Readonly<Record<string, string>>;
};

/** A connection that has yet to open its session. What `open` throws becomes `runtime.start`, but for `runtime.auth`. */
export interface OpeningConnection extends AgentConnection {
  open(options: ConnectOptions): Promise<void>;
}

/**
 * Throws `runtime.start` when the program cannot be started or opens no session, `runtime.auth` when it wants a login;
 * nothing of it is left then.
 */
export async function startAgent<Connection extends OpeningConnection>(
  { command, args, env }: AgentProgram,
  options: ConnectOptions,
  connect: (process: PipedProcess) => Connection,
): Promise<Connection> {
  const { name, cwd, timeoutMs, signal } = options;
  let process: PipedProcess;
  try {
    process = await startPipedProcess(command, args, { cwd, env });
  } catch (cause) {
    throw new AppError("runtime.start", `${name} could not be started: ${command} does not run.`, {
      hint: `Is it installed and on the PATH? runtimes.${name}.command in the settings names another place.`,
      cause,
    });
  }
  const connection = connect(process);
  try {
    const limit = { timeoutMs, code: "runtime.timeout", signal };
    const ended = process.exited.then(({ exitCode }) => {
      throw new AppError("runtime.crashed", `its program ended at once (exit ${exitCode ?? "by a signal"}).`);
    });
    await withDeadline(Promise.race([connection.open(options), ended]), limit);
    return connection;
  } catch (error) {
    await connection.close(0);
    throw startFailure(name, error, connection.errorText());
  }
}

function startFailure(name: string, error: unknown, errorText: string): AppError {
  const { code, message, hint } = toFailure(error);
  const lastWords = errorText.split("\n").slice(-3).join("\n");
  return new AppError(
    code === "runtime.auth" ? code : "runtime.start",
    `${name} could not be started: ${message}`,
    {
      hint: hint ?? (lastWords || "Run its command by hand to see what it says."),
      cause: error,
    },
  );
}
