import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createHttpFetch } from "../../src/providers/http-fetch.ts";
import { sseReply, startReplayServer } from "../support/replay-server.ts";

const httpFetch = createHttpFetch({});

async function serve(listener: RequestListener): Promise<AsyncDisposable & { url: string; server: Server }> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, server, [Symbol.asyncDispose]: close };
}

/** Pieces as a reader gets them. */
async function piecesOf(response: Response): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of response.body ?? []) pieces.push(new TextDecoder().decode(piece));
  return pieces;
}

describe("a request", () => {
  test("is sent with its method, headers and text; the answer has status, headers and text", async () => {
    await using server = await startReplayServer();
    server.reply({ status: 418, headers: { "x-pot": "tea" }, chunks: ["short", " and stout"] });
    const response = await httpFetch(`${server.url}/v1/x?y=1`, {
      method: "POST",
      headers: { "Content-Type": "application/json", authorization: "Bearer k" },
      body: '{"ä":1}',
    });
    expect([response.status, response.ok, response.headers.get("x-pot")]).toEqual([418, false, "tea"]);
    expect(await response.text()).toBe("short and stout");
    const [request] = server.requests;
    expect(request).toMatchObject({ method: "POST", path: "/v1/x?y=1", json: { ä: 1 } });
    expect(request?.headers).toMatchObject({ "content-length": "8", authorization: "Bearer k" });
  });

  test("follows a redirect with its body", async () => {
    await using server = await serve((request, response) => {
      if (request.url === "/old") response.writeHead(307, { location: "/new" }).end();
      else request.pipe(response);
    });
    const response = await httpFetch(`${server.url}/old`, { method: "POST", body: "kept" });
    expect(await response.text()).toBe("kept");
  });

  test("uses a connection again", async () => {
    await using server = await serve((request, response) => response.end(String(request.socket.remotePort)));
    const ask = async () => (await httpFetch(server.url)).text();
    expect(await ask()).toBe(await ask());
  });

  test("goes through the proxy that the environment names, but not to this machine", async () => {
    await using proxy = await serve((request, response) => response.end(`for ${request.url}`));
    const proxied = createHttpFetch({ HTTP_PROXY: proxy.url });
    expect(await (await proxied("http://model.test/v1")).text()).toBe("for http://model.test/v1");
    expect(await (await proxied(`${proxy.url}/v1`)).text()).toBe("for /v1");
  });
});

describe("an answer's pieces", () => {
  test("come together, the first at once", async () => {
    await using server = await serve(async (_request, response) => {
      response.write("first ");
      for (let index = 0; index < 50; index++) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        response.write(`${index} `);
      }
      response.end();
    });
    const pieces = await piecesOf(await httpFetch(server.url));
    expect(pieces[0]).toBe("first ");
    expect(pieces.join("")).toBe(`first ${Array.from({ length: 50 }, (_, index) => `${index} `).join("")}`);
    expect(pieces.length).toBeLessThan(25);
  });

  test("a piece is not held back until the next one comes", async () => {
    await using server = await serve((_request, response) => {
      response.write("first");
      setTimeout(() => response.write("second"), 10);
    });
    const reader = (await httpFetch(server.url)).body?.getReader();
    await reader?.read();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("second");
    await reader?.cancel();
  });

  test("a server that sends more than anybody reads is held back", async () => {
    let sent = 0;
    const piece = Buffer.alloc(65_536);
    await using server = await serve((_request, response) => {
      const fill = () => {
        while (sent < 500 * piece.length && response.write(piece)) sent += piece.length;
      };
      response.on("drain", fill);
      fill();
    });
    const response = await httpFetch(server.url);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(sent).toBeLessThan(400 * piece.length);
    await response.body?.cancel();
  });

  test.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ])("packed with %s come unpacked", async (encoding, pack) => {
    await using server = await serve((_request, response) => {
      response.writeHead(200, { "content-encoding": encoding }).end(pack("hello ".repeat(1_000)));
    });
    expect(await (await httpFetch(server.url)).text()).toBe("hello ".repeat(1_000));
  });
});

describe("what fails", () => {
  test("nobody listens: the socket's error", async () => {
    const { url, server } = await serve(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    await expect(httpFetch(url)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("a reset in the answer: what came before is read first", async () => {
    await using server = await startReplayServer();
    server.reply(sseReply(["one ", "two "], "reset"));
    const reader = (await httpFetch(server.url)).body?.getReader();
    let text = "";
    const readAll = async () => {
      for (;;) {
        const { value, done } = (await reader?.read()) ?? { done: true };
        if (done) return;
        text += new TextDecoder().decode(value);
      }
    };
    await expect(readAll()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(text).toBe("one two ");
  });

  test("aborted before, while waiting, and in the answer: the signal's reason, and no connection stays", async () => {
    await using server = await startReplayServer();
    const reason = new Error("enough");
    await expect(httpFetch(server.url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await using silent = await serve(() => undefined);
    const waiting = new AbortController();
    const asked = httpFetch(silent.url, { signal: waiting.signal });
    setTimeout(() => waiting.abort(reason), 20);
    await expect(asked).rejects.toBe(reason);
    server.reply(sseReply(["one"], "hang"));
    const reading = new AbortController();
    const response = await httpFetch(server.url, { signal: reading.signal });
    setTimeout(() => reading.abort(reason), 20);
    await expect(response.text()).rejects.toBe(reason);
    await expect.poll(() => server.openConnections()).toBe(0);
  });

  test("a body that nobody wants any more closes the connection", async () => {
    await using server = await startReplayServer();
    server.reply(sseReply(["one"], "hang"));
    const response = await httpFetch(server.url);
    await response.body?.cancel();
    await expect.poll(() => server.openConnections()).toBe(0);
  });
});
