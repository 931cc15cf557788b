// The socket of a terminal session, spoken to by clients that do not behave.
import { stat } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ask } from "../../../src/mux/client/ask.ts";
import type { SessionRecord } from "../../../src/mux/folder/session-file.ts";
import { serve } from "../../../src/mux/host/serve.ts";
import { openPtySession } from "../../../src/mux/session.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const ENV = { PATH: process.env.PATH ?? "", LANG: "C.UTF-8" };

async function served(file: string, ...args: string[]) {
  const socket = join(await temporaryFolder(), "s.sock");
  const session = await openPtySession({ file, args, cwd: "/", env: ENV, columns: 80, rows: 24 });
  const host = await serve(socket, "test", session);
  onTestFinished(async () => {
    await session.end({ force: true });
    await host.close();
  });
  const record: SessionRecord = {
    version: 1,
    name: "test",
    command: [file, ...args],
    cwd: "/",
    pid: session.pid,
    started: null,
    boot: null,
    hostPid: process.pid,
    socket,
    columns: 80,
    rows: 24,
    createdMs: 0,
    state: "running",
    exitCode: null,
    signal: null,
    endedMs: null,
  };
  return { socket, session, record };
}

/** A connection that says these lines, and everything it was told. */
function talk(path: string, ...lines: (object | string)[]) {
  const socket = connect(path);
  onTestFinished(() => void socket.destroy());
  let told = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  const say = (line: object | string): void =>
    void socket.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`);
  for (const line of lines) say(line);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  return { say, told: () => told, closed, socket };
}

const ATTACH = { type: "attach", version: 1, pid: 1, columns: 40, rows: 10 };

test("the socket is its owner's alone", async () => {
  const { socket } = await served("cat");
  expect((await stat(socket)).mode & 0o777).toBe(0o600);
});

test.for([
  ["no frame at all", "GET / HTTP/1.1", "mux.frame"],
  ["typing without being attached", { type: "input", text: "rm" }, "mux.frame"],
  ["another version", { ...ATTACH, version: 2 }, "mux.version"],
  ["a terminal of no size", { ...ATTACH, columns: 0 }, "mux.frame"],
  ["an unknown question", { type: "ask", version: 1, ask: { type: "explode" } }, "mux.frame"],
] as const)("%s is refused with a code, and the connection ends", async ([, line, code]) => {
  const { socket, session } = await served("cat");
  const client = talk(socket, line);
  await client.closed;
  expect(JSON.parse(client.told())).toMatchObject({ type: "failed", failure: { code } });
  expect(session.ended()).toBeNull();
});

test("a client that breaks the rules later is put out, and no longer decides the size", async () => {
  const { socket, record } = await served("cat");
  const client = talk(socket, ATTACH);
  await expect.poll(() => client.told()).toContain('"screen"');
  expect((await ask(record, { type: "status" })).status).toMatchObject({
    columns: 40,
    clients: [{ columns: 40 }],
  });
  client.say(ATTACH);
  await client.closed;
  expect((await ask(record, { type: "status" })).status?.clients).toEqual([]);
});

test("what came between attaching and the first screen is told once", async () => {
  const { socket, session } = await served(
    "sh",
    "-c",
    "i=0; while read x; do i=$((i+1)); echo answer $i; done",
  );
  const writer = talk(socket, ATTACH);
  const clients = Array.from({ length: 20 }, () => {
    writer.say({ type: "input", text: "\r" });
    return talk(socket, ATTACH);
  });
  await expect.poll(() => session.screen.transcript().join("\n"), { timeout: 10_000 }).toContain("answer 20");
  for (const client of clients) {
    await expect.poll(() => client.told()).toContain("answer 20");
    const text = client.told();
    for (let count = 1; count <= 20; count++) {
      expect(text.split(`answer ${count}\\r\\n`).length, `answer ${count}`).toBe(2);
    }
  }
});
