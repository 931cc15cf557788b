// An MCP server that is a program of ours: its messages are lines on its standard streams. It leads a process group of
// its own, which ends with it.
import { type JSONRPCMessage, serializeMessage, type Transport } from "@modelcontextprotocol/client";
import { type PipedProcess, startPipedProcess } from "../lib/piped-process.ts";

export type StdioServer = {
  command: string;
  args: readonly string[];
  cwd: string;
  /** The whole environment of the program. */
  env: Readonly<Record<string, string>>;
};

/** What one message may have. A server that sends more without a line end is ended. */
const MOST_LINE_LENGTH = 16 * 1024 * 1024;
/** For a server to go by itself once its input is closed. */
const GOODBYE_MS = 1_000;

/** `start` throws `process.start` when the program cannot be started. */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport["onmessage"]>;
  readonly #server: StdioServer;
  #process: PipedProcess | null = null;
  #rest = "";

  constructor(server: StdioServer) {
    this.#server = server;
  }

  async start(): Promise<void> {
    const { command, args, cwd, env } = this.#server;
    const started = await startPipedProcess(command, args, { cwd, env });
    this.#process = started;
    started.stdout.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    void started.exited.then(() => this.onclose?.());
  }

  send(message: JSONRPCMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const process = this.#process;
      if (!process) return reject(new Error("The server is not running."));
      process.stdin.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  async close(): Promise<void> {
    await this.#process?.stop(GOODBYE_MS);
  }

  /** What its program said on standard error at last. */
  lastWords(): string {
    return this.#process?.errorText().split("\n").at(-1) ?? "";
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") this.#take(line);
    if (this.#rest.length > MOST_LINE_LENGTH) void this.close();
  }

  #take(line: string): void {
    try {
      this.onmessage?.(JSON.parse(line));
    } catch {
      // Some servers print greetings where messages belong.
      this.onerror?.(new Error("The server wrote a line that is no message."));
    }
  }
}
