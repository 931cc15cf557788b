// The stub provider: an HTTP server that answers like the model vendors do, from a script or from recordings.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { AppError } from "../../lib/app-error.ts";
import { newId as randomId } from "../../lib/ids.ts";
import { createAnswerer } from "./answerer.ts";
import { loadScript, parseScript } from "./load-script.ts";
import { type Interaction, loadRecordings } from "./recordings.ts";
import { createRequestLog, type RecordedRequest, redactHeaders, redactPath } from "./request-log.ts";
import type { ScriptInput } from "./script.ts";
import { sendAnswer } from "./send-answer.ts";
import { readRequest } from "./stub-request.ts";

export type StubOptions = {
  /** 0: any free port. */
  port: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** A script, or the path of a file that holds one. Without: an echo. */
  script?: ScriptInput | string;
  /** File to which every request is appended as a JSON line. */
  record?: string;
  /** Recording files or folders, or interactions; they answer in place of the script. */
  recordings?: readonly (string | Interaction)[];
  /** Cuts recorded bodies into HTTP chunks of so many bytes. */
  recordingChunkBytes?: number;
  /** Makes ids repeatable. */
  seed?: string;
  /** Called with each request before it is answered. */
  onRequest?: (request: RecordedRequest) => void;
};

export interface Stub {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly RecordedRequest[];
  readonly inFlight: number;
  readonly maxInFlight: number;
  /** Starts another script from its beginning; throws AppError `stub.script`. */
  setScript(script: ScriptInput): void;
  /** Ends all connections at once. */
  close(): Promise<void>;
}

/** Throws AppError: `stub.script`, `stub.recording`, `stub.record`, `stub.listen`. */
export async function startStub(options: StubOptions): Promise<Stub> {
  const answerer = createAnswerer({
    script: await readScript(options.script ?? []),
    recordings: options.recordings && (await readRecordings(options.recordings)),
    recordingChunkBytes: options.recordingChunkBytes,
    newId: idCounter(options.seed ?? randomId().slice(-8)),
  });
  const log = createRequestLog(options.record);
  const load = { now: 0, max: 0 };

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    load.now += 1;
    load.max = Math.max(load.max, load.now);
    response.once("close", () => {
      load.now -= 1;
      gone.abort();
    });
    const request = readRequest(incoming.method ?? "GET", incoming.url ?? "/", await readBody(incoming));
    const recorded: RecordedRequest = {
      seq: log.requests.length + 1,
      time: new Date().toISOString(),
      method: request.method,
      path: redactPath(request.path),
      headers: redactHeaders(incoming.headers),
      body: request.body ?? request.raw,
      inFlight: load.now,
    };
    log.add(recorded);
    options.onRequest?.(recorded);
    await sendAnswer(response, answerer.answer(request), { signal: gone.signal });
  }

  const server = createServer(
    { noDelay: true, keepAliveTimeout: 60_000, requestTimeout: 0 },
    (incoming, response) => {
      handle(incoming, response).catch((error: unknown) => endBadly(response, error));
    },
  );
  const host = options.host ?? "127.0.0.1";
  const port = await listen(server, options.port, host).catch((error: unknown) => {
    log.close();
    throw error;
  });

  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    requests: log.requests,
    get inFlight() {
      return load.now;
    },
    get maxInFlight() {
      return load.max;
    },
    setScript: (script) => answerer.setScript(parseScript(script, "script")),
    close: async () => {
      await closeServer(server);
      log.close();
    },
  };
}

async function readScript(script: ScriptInput | string) {
  return typeof script === "string" ? await loadScript(script) : parseScript(script, "script");
}

async function readRecordings(recordings: readonly (string | Interaction)[]): Promise<Interaction[]> {
  const lists = recordings.map((item) => (typeof item === "string" ? loadRecordings([item]) : [item]));
  return (await Promise.all(lists)).flat();
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function idCounter(seed: string): (prefix: string) => string {
  let count = 0;
  return (prefix) => {
    count += 1;
    return `${prefix}stub${seed}${count}`;
  };
}

/** A client that went away needs no answer; anything else is the stub's own fault, and is said where it can be. */
function endBadly(response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(500, { "content-type": "text/plain" });
  response.end(`stub: ${error instanceof Error ? error.message : String(error)}\n`);
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const message = `The stub cannot listen on ${host}:${port} (${error.message}).`;
      reject(new AppError("stub.listen", message, { cause: error }));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
