// ReplayServer: a loopback HTTP server that gives prepared answers in order, whole or cut, and keeps the requests.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";

export type Reply = {
  /** Default 200. */
  status?: number;
  headers?: Record<string, string>;
  /** Each piece becomes one HTTP chunk, so a reader gets it as its own buffer. */
  chunks: readonly (string | Uint8Array)[];
  /** Milliseconds between two pieces; default none. */
  pauseMs?: number;
  /** What follows the last piece: the proper end (default), a TCP reset, or silence until the client leaves. */
  ending?: "end" | "reset" | "hang";
};

export type RecordedRequest = {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  /** The body as sent. */
  text: string;
  /** The body parsed; null when it is no JSON. */
  json: unknown;
};

export interface ReplayServer extends AsyncDisposable {
  /** http://127.0.0.1:PORT, no slash at the end. */
  readonly url: string;
  /** Requests so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Adds answers; each request takes the next. A request without one gets status 500 and says so. */
  reply(...replies: readonly Reply[]): void;
  /** Connections with an answer under way. */
  openConnections(): number;
}

export async function startReplayServer(): Promise<ReplayServer> {
  const requests: RecordedRequest[] = [];
  const replies: Reply[] = [];
  let open = 0;
  const server = createServer((request, response) => {
    open++;
    response.once("close", () => open--);
    void readBody(request).then((text) => {
      requests.push({
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        text,
        json: parseJson(text),
      });
      return send(
        response,
        replies.shift() ?? { status: 500, chunks: ["the replay server has no answer left"] },
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    reply: (...more) => {
      replies.push(...more);
    },
    openConnections: () => open,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An SSE answer of status 200. */
export function sseReply(chunks: readonly (string | Uint8Array)[], ending: Reply["ending"] = "end"): Reply {
  return { headers: { "content-type": "text/event-stream" }, chunks, ending };
}

/** A JSON answer. */
export function jsonReply(value: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    chunks: [typeof value === "string" ? value : JSON.stringify(value)],
  };
}

/** The text's bytes in pieces; `size` is asked for the length of each. Cuts characters of several bytes too. */
export function cutBytes(text: string, size: () => number): Uint8Array[] {
  const bytes = new TextEncoder().encode(text);
  const pieces: Uint8Array[] = [];
  let start = 0;
  while (start < bytes.length) {
    const end = start + Math.max(1, size());
    pieces.push(bytes.subarray(start, end));
    start = end;
  }
  return pieces;
}

/** A repeatable source of numbers from 0 to below 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

async function send(response: ServerResponse, reply: Reply): Promise<void> {
  response.writeHead(reply.status ?? 200, reply.headers ?? {});
  response.flushHeaders();
  for (const chunk of reply.chunks) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await drained(response);
    if (reply.pauseMs !== undefined) await setTimeout(reply.pauseMs);
  }
  if (reply.ending === "hang") return;
  if (reply.ending === "reset") {
    await new Promise((resolve) => response.write("", resolve));
    response.socket?.resetAndDestroy();
    return;
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once("drain", resolve);
    response.once("close", resolve);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
