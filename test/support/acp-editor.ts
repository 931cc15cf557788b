// An editor for `hearth acp`: the protocol library's own client over the real program. It keeps all that is said, and
// looks at each line of the agent with the protocol's schema.
import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { Readable, Writable } from "node:stream";
import {
  type ClientContext,
  type ContentBlock,
  type CreateTerminalRequest,
  client,
  type NewSessionRequest,
  ndJsonStream,
  type PromptResponse,
  RequestError,
  type RequestPermissionRequest,
  type SessionUpdate,
} from "@agentclientprotocol/sdk/unstable";
import { onTestFinished } from "vitest";
import { schemaProblem } from "./acp-schema.ts";
import { BIN, type Place } from "./hearth.ts";

export type EditorOptions = {
  args?: readonly string[];
  env?: Record<string, string>;
  /** Lends its files: texts of buffers that are not saved, by path; the others are read from the disk. */
  buffers?: Map<string, string>;
  /** What `buffers` lends does not work. */
  brokenFiles?: boolean;
  /** Lends terminals. "broken": offers them and gives none. */
  terminals?: boolean | "broken";
  notices?: boolean;
  compactions?: boolean;
  /** The option chosen, "cancelled", or an answer that never comes. */
  permission?: (request: RequestPermissionRequest) => string | Promise<string>;
};

export type Said = { sessionId: string; update: SessionUpdate };
type Terminal = {
  child: ChildProcess;
  output: string;
  exit: Promise<{ exitCode: number | null; signal: string | null }>;
};

export class AcpEditor {
  readonly updates: Said[] = [];
  readonly permissions: RequestPermissionRequest[] = [];
  readonly terminals: CreateTerminalRequest[] = [];
  readonly killed: string[] = [];
  readonly written: { path: string; content: string }[] = [];
  readonly readPaths: string[] = [];
  /** Lines of the agent that the schema does not allow. */
  readonly problems: string[] = [];
  readonly lines: string[] = [];
  readonly pid: number;
  agent!: ClientContext;
  readonly #child: ReturnType<typeof spawnAgent>;
  readonly #options: EditorOptions;
  readonly #place: Place;
  readonly #heard = new EventEmitter();
  readonly #asked = new Map<unknown, string>();
  readonly #open = new Map<string, Terminal>();
  readonly exited: Promise<number | NodeJS.Signals>;
  #stderr = "";

  constructor(place: Place, options: EditorOptions) {
    this.#place = place;
    this.#options = options;
    this.#child = spawnAgent(place, options);
    this.#heard.setMaxListeners(0);
    this.pid = this.#child.pid ?? 0;
    this.#child.stdin.on("error", () => undefined);
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
      this.#heard.emit("heard");
    });
    this.exited = new Promise((resolve) => {
      this.#child.on("close", (code, signal) => resolve(code ?? signal ?? "SIGKILL"));
    });
    onTestFinished(() => void this.#child.kill("SIGKILL"));
  }

  stderr(): string {
    return this.#stderr;
  }

  connect(): void {
    const { stdin, stdout } = this.#child;
    const fromAgent = new TransformStream<Uint8Array, Uint8Array>({
      transform: this.#tap((line) => this.#check(line)),
    });
    const toAgent = new TransformStream<Uint8Array, Uint8Array>({
      transform: this.#tap((line) => this.#note(line)),
    });
    void toAgent.readable.pipeTo(Writable.toWeb(stdin)).catch(() => undefined);
    const stream = ndJsonStream(
      toAgent.writable,
      (Readable.toWeb(stdout) as ReadableStream<Uint8Array>).pipeThrough(fromAgent),
    );
    this.agent = this.#app().connect(stream).agent;
  }

  initialize() {
    const { buffers, terminals, notices, compactions } = this.#options;
    const lends = buffers !== undefined;
    return this.agent.request("initialize", {
      protocolVersion: 1,
      clientInfo: { name: "test-editor", version: "1" },
      clientCapabilities: {
        fs: { readTextFile: lends, writeTextFile: lends },
        terminal: terminals !== undefined && terminals !== false,
        session: { ...(notices ? { notices: {} } : {}), ...(compactions ? { compaction: {} } : {}) },
      },
    });
  }

  newSession(more: Partial<NewSessionRequest> = {}) {
    return this.agent.request("session/new", { cwd: this.#place.cwd, mcpServers: [], ...more });
  }

  prompt(sessionId: string, prompt: string | ContentBlock[]): Promise<PromptResponse> {
    const blocks: ContentBlock[] = typeof prompt === "string" ? [{ type: "text", text: prompt }] : prompt;
    return this.agent.request("session/prompt", { sessionId, prompt: blocks });
  }

  /** Updates of that kind, of one session where it is named. */
  of<K extends SessionUpdate["sessionUpdate"]>(
    kind: K,
    sessionId?: string,
  ): Extract<SessionUpdate, { sessionUpdate: K }>[] {
    return this.updates
      .filter((said) => sessionId === undefined || said.sessionId === sessionId)
      .map(({ update }) => update)
      .filter(
        (update): update is Extract<SessionUpdate, { sessionUpdate: K }> => update.sessionUpdate === kind,
      );
  }

  /** The answer's text so far. */
  text(sessionId?: string): string {
    return this.of("agent_message_chunk", sessionId)
      .map(({ content }) => (content.type === "text" ? content.text : ""))
      .join("");
  }

  /** Resolves when the test is true; asked after each thing that is heard. */
  async until<T>(test: () => T | undefined | null | false): Promise<T> {
    for (;;) {
      const found = test();
      if (found !== undefined && found !== null && found !== false) return found;
      await new Promise<void>((resolve, reject) => {
        this.#heard.once("heard", resolve);
        void this.exited.then((code) => reject(new Error(`the agent left with ${code}: ${this.#stderr}`)));
      });
    }
  }

  /** Writes a line as it stands. */
  raw(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  endInput(): void {
    this.#child.stdin.end();
  }

  #app() {
    return client({ name: "test-editor" })
      .onNotification("session/update", ({ params }) => {
        this.updates.push({ sessionId: params.sessionId, update: params.update });
        this.#heard.emit("heard");
      })
      .onRequest("session/request_permission", async ({ params, signal }) => {
        this.permissions.push(params);
        this.#heard.emit("heard");
        const given = this.#options.permission?.(params) ?? "allow_once";
        const cancelled = new Promise<string>((resolve) => {
          signal.addEventListener("abort", () => resolve("cancelled"), { once: true });
        });
        const optionId = await Promise.race([given, cancelled]);
        return {
          outcome: optionId === "cancelled" ? { outcome: "cancelled" } : { outcome: "selected", optionId },
        };
      })
      .onRequest("fs/read_text_file", async ({ params: { path } }) => {
        this.readPaths.push(path);
        if (this.#options.brokenFiles) throw new RequestError(-32603, "this buffer is shut");
        return { content: this.#options.buffers?.get(path) ?? (await readFile(path, "utf8")) };
      })
      .onRequest("fs/write_text_file", async ({ params: { path, content } }) => {
        if (this.#options.brokenFiles) throw new RequestError(-32603, "this buffer is shut");
        this.written.push({ path, content });
        if (this.#options.buffers?.has(path)) this.#options.buffers.set(path, content);
        else await writeFile(path, content);
        return {};
      })
      .onRequest("terminal/create", ({ params }) => this.#createTerminal(params))
      .onRequest("terminal/output", ({ params: { terminalId } }) => ({
        output: this.#terminal(terminalId).output,
        truncated: false,
      }))
      .onRequest("terminal/wait_for_exit", ({ params: { terminalId } }) => this.#terminal(terminalId).exit)
      .onRequest("terminal/kill", ({ params: { terminalId } }) => {
        this.killed.push(terminalId);
        endGroup(this.#terminal(terminalId).child);
        return {};
      })
      .onRequest("terminal/release", ({ params: { terminalId } }) => {
        this.#open.delete(terminalId);
        return {};
      });
  }

  #createTerminal(params: CreateTerminalRequest): { terminalId: string } {
    if (this.#options.terminals === "broken") throw new RequestError(-32603, "there is no terminal left");
    const { command, args = [], cwd, env = [] } = params;
    const child = spawn(command, args, {
      cwd: cwd ?? this.#place.cwd,
      env: { ...process.env, ...Object.fromEntries(env.map(({ name, value }) => [name, value])) },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    onTestFinished(() => endGroup(child));
    const terminalId = `terminal-${this.terminals.push(params)}`;
    const exit = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) => {
      child.on("close", (exitCode, signal) => resolve({ exitCode, signal }));
    });
    const terminal: Terminal = { child, output: "", exit };
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => {
        terminal.output += text;
        this.#heard.emit("heard");
      });
    this.#open.set(terminalId, terminal);
    this.#heard.emit("heard");
    return { terminalId };
  }

  #terminal(id: string): Terminal {
    const terminal = this.#open.get(id);
    if (!terminal) throw new RequestError(-32602, `no terminal ${id}`);
    return terminal;
  }

  #tap(hear: (line: string) => void) {
    const decoder = new TextDecoder();
    let rest = "";
    return (chunk: Uint8Array, out: TransformStreamDefaultController<Uint8Array>): void => {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) hear(line);
      out.enqueue(chunk);
    };
  }

  #note(line: string): void {
    const { id, method } = JSON.parse(line);
    if (id !== undefined && method !== undefined) this.#asked.set(id, method);
  }

  #check(line: string): void {
    this.lines.push(line);
    const problem = schemaProblem(line, (id) => this.#asked.get(id));
    if (problem !== null) this.problems.push(problem);
    this.#heard.emit("heard");
  }
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

function spawnAgent(place: Place, { args = [], env = {} }: EditorOptions) {
  return spawn(process.execPath, [BIN, "acp", ...args], {
    cwd: place.cwd,
    env: { ...place.env, ...env },
    stdio: "pipe",
  });
}

/** Connected and initialized. When the test ends nothing that it sent may have been against the schema. */
export async function openEditor(place: Place, options: EditorOptions = {}): Promise<AcpEditor> {
  const editor = new AcpEditor(place, options);
  editor.connect();
  await editor.initialize();
  onTestFinished(() => {
    if (editor.problems.length > 0) throw new Error(editor.problems.join("\n"));
  });
  return editor;
}
