// The client's files and terminals as an Editor, as far as it lends them.
import type {
  CreateTerminalResponse,
  TerminalOutputResponse,
  WaitForTerminalExitResponse,
} from "@agentclientprotocol/sdk/unstable";
import { AppError, toFailure } from "../lib/app-error.ts";
import type { Editor, EditorCommand, EditorCommandEnd } from "../protocol/editor.ts";
import type { Client, ClientFeatures } from "./wire.ts";

export type ClientEditorOptions = {
  client: Client;
  features: ClientFeatures;
  /** Known once the session is open. */
  sessionId: () => string;
  /** The running call is seen in that terminal. */
  onTerminal: (terminalId: string) => void;
  /** Told once for each thing that the client offered and does not do. */
  onProblem: (message: string) => void;
};

/** What an editor should answer at once. Beyond it the session must go on without. */
const FILE_MS = 10_000;
const TERMINAL_MS = 15_000;

/** null where the client lends nothing. */
export function clientEditor(options: ClientEditorOptions): Editor | null {
  const { client, features, sessionId, onProblem } = options;
  if (!features.readText && !features.writeText && !features.terminals) return null;
  const readText = async (path: string): Promise<string> => {
    const asked = client.request("fs/read_text_file", { sessionId: sessionId(), path });
    return (await withDeadline(asked, FILE_MS)).content;
  };
  const writeText = async (path: string, content: string): Promise<void> => {
    await withDeadline(
      client.request("fs/write_text_file", { sessionId: sessionId(), path, content }),
      FILE_MS,
    );
  };
  return {
    ...(features.readText ? { readText } : {}),
    ...(features.writeText ? { writeText } : {}),
    ...(features.terminals ? { run: (command: EditorCommand) => runInTerminal(command, options) } : {}),
    onFallback: (what, error) => onProblem(`${FALLBACKS[what]}: ${toFailure(error).message}`),
  };
}

const FALLBACKS = {
  read: "The editor did not give the text of a file, so files are read from the disk",
  write: "The editor did not take a change of a file, so files are written to the disk",
  run: "The editor gave no terminal, so commands run beside it",
} as const;

async function runInTerminal(
  command: EditorCommand,
  options: ClientEditorOptions,
): Promise<EditorCommandEnd> {
  const { client, onTerminal } = options;
  command.signal.throwIfAborted();
  const sessionId = options.sessionId();
  const { terminalId } = await createTerminal(client, sessionId, command);
  const terminal = { sessionId, terminalId };
  try {
    onTerminal(terminalId);
    return await follow(client, terminal, command);
  } finally {
    // The person goes on seeing it; an editor that cannot release it has ended it.
    client.request("terminal/release", terminal).catch(() => undefined);
  }
}

function createTerminal(
  client: Client,
  sessionId: string,
  { file, args, cwd, env, maxOutputBytes }: EditorCommand,
): Promise<CreateTerminalResponse> {
  const asked = client.request<CreateTerminalResponse>("terminal/create", {
    sessionId,
    command: file,
    args: [...args],
    cwd,
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    outputByteLimit: maxOutputBytes,
  });
  return withDeadline(asked, TERMINAL_MS);
}

type Terminal = { sessionId: string; terminalId: string };

/** Once it was started it is followed to its end, whatever the client says: it must not run a second time. */
async function follow(
  client: Client,
  terminal: Terminal,
  { signal, timeoutMs }: EditorCommand,
): Promise<EditorCommandEnd> {
  const exited = client
    .request<WaitForTerminalExitResponse>("terminal/wait_for_exit", terminal)
    .catch(() => LOST);
  const cut = await untilCut(exited, { signal, timeoutMs });
  if (cut !== null) await client.request("terminal/kill", terminal).catch(() => undefined);
  const end = cut === null ? await exited : await Promise.race([exited, after(TERMINAL_MS, LOST)]);
  const asked = client.request<TerminalOutputResponse>("terminal/output", terminal);
  const output = await withDeadline(asked, TERMINAL_MS).catch(() => NO_OUTPUT);
  return {
    output:
      end === LOST && cut === null ? `${output.output}\n[The editor lost the terminal.]` : output.output,
    cut: output.truncated,
    exitCode: end.exitCode ?? null,
    timedOut: cut === "timeout",
    aborted: cut === "abort",
  };
}

const LOST: WaitForTerminalExitResponse = { exitCode: null, signal: null };
const NO_OUTPUT: TerminalOutputResponse = { output: "", truncated: false };

/** What cut it short; null: it ended by itself. */
async function untilCut(
  exited: Promise<unknown>,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number | undefined },
): Promise<"abort" | "timeout" | null> {
  const cut = Promise.withResolvers<"abort" | "timeout">();
  const abort = (): void => cut.resolve("abort");
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => cut.resolve("timeout"), timeoutMs);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([exited.then(() => null), cut.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

function after<T>(milliseconds: number, value: T): Promise<T> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(value), milliseconds).unref();
  });
}

async function withDeadline<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const late = new AppError("acp.deadline", `it did not answer within ${milliseconds / 1_000} s`);
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(late), milliseconds);
  try {
    return await Promise.race([work, deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}
