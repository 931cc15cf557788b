// Whether a real program reads its terminal, as Linux tells it.
import { expect, onTestFinished, test } from "vitest";
import type { Reading } from "../../../src/mux/activity/activity.ts";
import { readingOf } from "../../../src/mux/pty/reading.ts";
import { openPtySession } from "../../../src/mux/session.ts";

const NODE_READLINE =
  "require('readline').createInterface({ input: process.stdin, output: process.stdout }).question('name? ', () => {})";
const NODE_REQUEST = `${NODE_READLINE}; require('net').connect(Number(process.argv[1]))`;

async function program(file: string, ...args: string[]) {
  const env = { PATH: process.env.PATH ?? "", HOME: "/tmp", LANG: "C.UTF-8" };
  const session = await openPtySession({ file, args, cwd: "/", env, columns: 80, rows: 24 });
  onTestFinished(() => session.end({ force: true }).then(() => undefined));
  return session;
}

test
  .runIf(process.platform === "linux")
  .for<{ name: string; command: [string, ...string[]]; reading: Reading }>([
    { name: "cat", command: ["cat"], reading: "only" },
    { name: "an interactive bash", command: ["bash", "--norc", "-i"], reading: "only" },
    { name: "a shell's read", command: ["sh", "-c", "read line"], reading: "only" },
    { name: "a reader behind a shell", command: ["bash", "-c", "true; cat; true"], reading: "only" },
    { name: "a question of Node's", command: [process.execPath, "-e", NODE_READLINE], reading: "only" },
    { name: "sleep", command: ["sleep", "100"], reading: "no" },
    { name: "a pipe whose reader waits", command: ["sh", "-c", "sleep 100 | cat"], reading: "no" },
  ])("$name: $reading", async ({ command: [file, ...args], reading }) => {
  const session = await program(file, ...args);
  await expect.poll(() => readingOf(session.pid), { timeout: 10_000 }).toBe(reading);
});

test.runIf(process.platform === "linux")(
  "a program that also waits for the network may be at work",
  async () => {
    const { createServer } = await import("node:net");
    const server = createServer(() => undefined).listen(0);
    onTestFinished(() => void server.close());
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const session = await program(process.execPath, "-e", NODE_REQUEST, String(address.port));
    await expect.poll(() => readingOf(session.pid), { timeout: 10_000 }).toBe("also");
  },
);
