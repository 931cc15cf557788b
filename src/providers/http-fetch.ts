// HttpFetch: the fetch that SDKs send requests with. An answer's pieces are gathered: a model's words come in far
// smaller pieces than anybody reads, and each piece costs its way through the SDK.
import type { Agent, ClientRequest, IncomingMessage } from "node:http";
import { pipeline, type Readable } from "node:stream";
import { once } from "../lib/once.ts";
import type { Environment } from "./vendors.ts";

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

// Only what is needed is loaded, and not as modules: those of Node's HTTP load all of it that there is.
const http = () => process.getBuiltinModule("node:http");
const https = () => process.getBuiltinModule("node:https");
const zlib = () => process.getBuiltinModule("node:zlib");

/** Longest time that a piece of an answer is held back; half of what the screen gathers. */
const GATHER_MS = 33;
/** As much as this is handed on at once. */
const GATHER_BYTES = 65_536;
/** These are what Node's own fetch waits. */
const CONNECT_MS = 10_000;
const SILENCE_MS = 300_000;
const IDLE_CONNECTION_MS = 4_000;

/**
 * A fetch for requests with a text body, or none. `env` names proxies (HTTPS_PROXY, HTTP_PROXY, NO_PROXY); this
 * machine is always reached directly. With `gatherMs` 0 each piece is handed on as it comes. Rejects with the socket's own error, or
 * with the signal's reason.
 */
export function createHttpFetch(env: Environment, { gatherMs = GATHER_MS } = {}): Fetch {
  const settings = { keepAlive: true, timeout: IDLE_CONNECTION_MS, scheduling: "lifo" } as const;
  const agents = {
    "http:": once(() => new (http().Agent)({ ...settings, proxyEnv: { ...env } })),
    "https:": once(() => new (https().Agent)({ ...settings, proxyEnv: { ...env } })),
    direct: once(() => new (http().Agent)(settings)),
  };
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.protocol !== "https:" && url.protocol !== "http:") return fetch(input, init);
    const agent = isThisMachine(url) && url.protocol === "http:" ? agents.direct() : agents[url.protocol]();
    const message = await send(url, init, agent);
    const status = message.statusCode ?? 0;
    if (status < 300 || status >= 400) return responseOf(message, gatherMs, init.signal);
    message.resume();
    // Redirects have rules of their own, which Node's fetch knows.
    return fetch(input, init);
  };
}

function isThisMachine({ hostname }: URL): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

function send(url: URL, init: RequestInit, agent: Agent): Promise<IncomingMessage> {
  const { method = "GET", body, signal } = init;
  if (body !== undefined && body !== null && typeof body !== "string")
    throw new TypeError("a body must be text");
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  for (const [name, value] of new Headers(init.headers)) headers[name] = value;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  signal?.throwIfAborted();
  const { request: open } = url.protocol === "https:" ? https() : http();
  const request = open(url, { method, headers, agent, ...(signal ? { signal } : {}) });
  request.on("response", resolve);
  request.on("error", (error) => reject(signal?.aborted ? signal.reason : error));
  watchSilence(request);
  request.end(body ?? undefined);
  return promise;
}

/** Ends a request whose connection does not come about, or says nothing for too long. */
function watchSilence(request: ClientRequest): void {
  const end = (words: string) => () =>
    request.destroy(Object.assign(new Error(words), { code: "ETIMEDOUT" }));
  const connecting = setTimeout(end(`no connection within ${CONNECT_MS / 1000} s`), CONNECT_MS);
  request.on("close", () => clearTimeout(connecting));
  request.on("socket", (socket) => {
    if (socket.connecting) socket.once("connect", () => clearTimeout(connecting));
    else clearTimeout(connecting);
  });
  request.setTimeout(SILENCE_MS, end(`no answer for ${SILENCE_MS / 1000} s`));
}

type Signal = AbortSignal | null | undefined;

function responseOf(message: IncomingMessage, gatherMs: number, signal: Signal): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const { statusCode: status = 200, statusMessage: statusText = "" } = message;
  const hasBody = status !== 204 && status !== 205;
  if (!hasBody) message.resume();
  return new Response(hasBody ? gathered(unpacked(message), gatherMs, signal) : null, {
    status,
    statusText,
    headers,
  });
}

/** Asked for as it is; some services pack it all the same. */
function unpacked(message: IncomingMessage): Readable {
  const packing = message.headers["content-encoding"]?.trim().toLowerCase();
  const unpack =
    packing === "br"
      ? zlib().createBrotliDecompress()
      : /^(?:x-)?gzip$|^deflate$/.test(packing ?? "")
        ? zlib().createUnzip()
        : null;
  if (unpack === null) return message;
  // The unpacked stream reports what went wrong itself.
  return pipeline(message, unpack, () => undefined);
}

/** The source's bytes: the first at once, later ones together. Holds the source back when nobody reads. */
function gathered(source: Readable, gatherMs: number, signal: Signal): ReadableStream<Uint8Array> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let handedOn = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let left = false;
  let failure: { reason: unknown } | undefined;
  const handOn = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    clearTimeout(timer);
    timer = undefined;
    if (left || size === 0) return;
    controller.enqueue(Buffer.concat(parts));
    parts = [];
    size = 0;
    handedOn = performance.now();
    if (isFull(controller)) source.pause();
  };
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      source.on("data", (part: Uint8Array) => {
        parts.push(part);
        size += part.length;
        const wait = handedOn + gatherMs - performance.now();
        if (wait <= 0 || size >= GATHER_BYTES) handOn(controller);
        else timer ??= setTimeout(handOn, wait, controller);
      });
      source.on("end", () => {
        handOn(controller);
        if (!left) controller.close();
      });
      source.on("error", (error) => {
        handOn(controller);
        failure = { reason: signal?.aborted ? signal.reason : error };
        if (!isFull(controller)) controller.error(failure.reason);
      });
    },
    // A failure would drop what waits to be read, so it comes after that.
    pull: (controller) => (failure ? controller.error(failure.reason) : void source.resume()),
    cancel: () => {
      clearTimeout(timer);
      left = true;
      source.destroy();
    },
  });
}

function isFull({ desiredSize }: ReadableStreamDefaultController<Uint8Array>): boolean {
  return (desiredSize ?? 0) <= 0;
}
