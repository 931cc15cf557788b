import { describe, expect, it } from "vitest";
import type { Fault } from "../../../src/server/stub/script.ts";
import { withStub } from "../../support/stub.ts";
import { ask, readUntilBroken, sseData, WIRE_APIS } from "./ask.ts";

const TEXT = "abcdefghijklmnopqrst".repeat(3);

async function faulty(api: (typeof WIRE_APIS)[number], fault: Fault | Fault["kind"], stream = true) {
  await using stub = await withStub([{ text: TEXT, fault }]);
  const response = await ask(stub.url, api, { stream });
  return { response, ...(await readUntilBroken(response)) };
}

describe.each(WIRE_APIS)("stub faults on %s", (api) => {
  it("resets the connection after the bytes asked for", async () => {
    const { bytes, broken } = await faulty(api, { kind: "reset", afterBytes: 100 });
    expect(broken).toBe(true);
    expect(bytes.length).toBe(100);
  });

  it("resets the connection after some deltas", async () => {
    const { bytes, broken } = await faulty(api, { kind: "reset", afterDeltas: 2 });
    expect(broken).toBe(true);
    expect(bytes.toString().split("abcdefghijklmnopqrst")).toHaveLength(3);
  });

  it("ends the connection before any header", async () => {
    await using stub = await withStub([{ fault: "close" }]);
    await expect(ask(stub.url, api)).rejects.toThrow("fetch failed");
  });

  it("sends one event that cannot be parsed among good ones", async () => {
    const { bytes, broken } = await faulty(api, "malformed");
    const lines = bytes
      .toString()
      .split("\n")
      .filter((line) => line.startsWith("data: {"));
    expect(broken).toBe(false);
    expect(sseData(bytes.toString())).toHaveLength(lines.length - 1);
  });

  it("cuts the body inside an event and ends it cleanly", async () => {
    const { bytes, broken } = await faulty(api, "truncated");
    expect(broken).toBe(false);
    expect(bytes.toString().endsWith("\n\n")).toBe(false);
  });

  it("falls silent for the time asked for and goes on", async () => {
    const started = performance.now();
    const { bytes } = await faulty(api, { kind: "stall", ms: 80 });
    expect(performance.now() - started).toBeGreaterThanOrEqual(79);
    expect(bytes.toString().split("abcdefghijklmnopqrst").length).toBeGreaterThanOrEqual(4);
  });

  it("falls silent for ever, until the client leaves", async () => {
    await using stub = await withStub([{ text: TEXT, fault: "stall" }]);
    const client = new AbortController();
    const response = await ask(stub.url, api, { signal: client.signal });
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).length).toBeGreaterThan(0);
    expect(stub.inFlight).toBe(1);
    client.abort();
    await expect(reader?.read()).rejects.toThrow("aborted");
    await expect.poll(() => stub.inFlight).toBe(0);
  });

  it("drips at the rate asked for", async () => {
    await using stub = await withStub([{ text: "", fault: { kind: "drip", bytesPerSecond: 20_000 } }]);
    const started = performance.now();
    const { bytes } = await readUntilBroken(await ask(stub.url, api));
    const rate = bytes.length / ((performance.now() - started) / 1000);
    expect(rate).toBeLessThan(22_000);
  });

  it("answers 200 with an empty body", async () => {
    const { response, bytes } = await faulty(api, "empty");
    expect([response.status, bytes.length]).toEqual([200, 0]);
  });

  it("puts bytes that are no UTF-8 into the text", async () => {
    const { bytes } = await faulty(api, "invalid-utf8");
    expect(() => new TextDecoder("utf-8", { fatal: true }).decode(bytes)).toThrow();
    expect(sseData(bytes.toString()).length).toBeGreaterThan(1);
  });

  it("labels a good body wrongly, or sends a web page", async () => {
    const wrong = await faulty(api, "wrong-content-type");
    expect(wrong.response.headers.get("content-type")).toBe("text/plain");
    expect(sseData(wrong.bytes.toString()).length).toBeGreaterThan(1);
    const page = await faulty(api, "html");
    expect(page.response.headers.get("content-type")).toBe("text/html");
    expect(page.bytes.toString()).toContain("<!doctype html>");
  });

  it("sends the vendor's error event in the midst of the stream", async () => {
    const { bytes } = await faulty(api, { kind: "error-event", message: "Too busy." });
    expect(JSON.stringify(sseData(bytes.toString()).at(-1))).toContain("Too busy.");
  });

  it("strikes bodies that are not streamed as well", async () => {
    const truncated = await faulty(api, "truncated", false);
    expect(() => JSON.parse(truncated.bytes.toString())).toThrow();
    const reset = await faulty(api, { kind: "reset", afterBytes: 20 }, false);
    expect([reset.broken, reset.bytes.length]).toEqual([true, 20]);
    const malformed = await faulty(api, "malformed", false);
    expect(() => JSON.parse(malformed.bytes.toString())).toThrow();
  });

  it.each([400, 401, 403, 404, 413, 429, 500, 503, 529])(
    "answers %i in the vendor's words",
    async (status) => {
      await using stub = await withStub([{ status, text: "Sorry about that." }]);
      const response = await ask(stub.url, api);
      expect(response.status).toBe(status);
      expect(response.headers.get("retry-after")).toBe(status === 429 ? "1" : null);
      const body = (await response.json()) as { error: { message: string } };
      expect(body.error.message).toBe("Sorry about that.");
    },
  );

  it("answers an error without a body, with headers of the script's own", async () => {
    await using stub = await withStub([
      { status: 500, body: "" },
      { status: 429, headers: { "Retry-After": "7" } },
    ]);
    const bare = await ask(stub.url, api);
    expect([bare.status, await bare.text()]).toEqual([500, ""]);
    expect((await ask(stub.url, api)).headers.get("retry-after")).toBe("7");
  });

  it("refuses a prompt that is too long as the vendor does", async () => {
    const { response, bytes } = await faulty(api, "overflow");
    expect(response.status).toBe(400);
    expect(bytes.toString()).toMatch(/too long|exceeds the (?:context window|maximum)/);
  });
});
