// A real client, acpx (a command line for agents: https://www.npmjs.com/package/acpx), drives `hearth acp`. Needs the
// program: HEARTH_TEST_AGENTS names the folder of an `npm i acpx@0.19.1`.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { BIN, newPlace } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";

const ACPX = join(process.env.HEARTH_TEST_AGENTS ?? "/nowhere", "node_modules/acpx/dist/cli.js");
const title = existsSync(ACPX) ? "acpx" : "acpx (skipped: HEARTH_TEST_AGENTS names no folder with it)";

const SCRIPT: ScriptInput = {
  rules: [
    { when: { lastRole: "tool" }, reply: { text: "I did it." } },
    {
      when: { contains: "write" },
      reply: { toolCalls: [{ name: "write", arguments: { path: "a.txt", content: "from acpx\n" } }] },
    },
    {
      when: { contains: "run" },
      reply: { toolCalls: [{ name: "bash", arguments: { command: "echo from acpx" } }] },
    },
    { when: { contains: "fail" }, reply: { status: 401, text: "bad key" } },
  ],
};

async function open() {
  const stub = await withStub(SCRIPT);
  const place = await newPlace(stub);
  const agent = `${process.execPath} ${BIN} acp`;
  const acpx = async (...args: string[]) => {
    const { stdout, stderr, exitCode } = await execa(
      process.execPath,
      [ACPX, "--agent", agent, "--cwd", place.cwd, "--ttl", "60", ...args],
      { cwd: place.cwd, env: { ...place.env, HOME: place.home }, extendEnv: false, reject: false },
    );
    return { said: `${stdout}\n${stderr}`, exitCode };
  };
  onTestFinished(async () => {
    await acpx("sessions", "close");
    await stub.close();
  });
  return { stub, place, acpx };
}

test.skipIf(!existsSync(ACPX))(
  `${title}: a text, a file, a command, a refusal, an error`,
  async () => {
    const { place, acpx } = await open();
    expect(await acpx("--approve-all", "exec", "hello")).toMatchObject({
      exitCode: 0,
      said: expect.stringContaining("stub: hello"),
    });
    const wrote = await acpx("--approve-all", "exec", "write it");
    expect(wrote.said).toMatch(/fs\/write_text_file[\s\S]*Write a\.txt \(completed\)[\s\S]*I did it\./);
    expect(await readFile(join(place.cwd, "a.txt"), "utf8")).toBe("from acpx\n");
    const ran = await acpx("--approve-all", "exec", "run it");
    expect(ran.said).toMatch(/terminal\/create[\s\S]*echo from acpx \(completed\)[\s\S]*from acpx/);
    const alone = await acpx("--approve-all", "--no-fs", "--no-terminal", "exec", "run it");
    expect(alone.said).not.toContain("terminal/create");
    expect(alone.said).toContain("echo from acpx (completed)");
    expect((await acpx("--deny-all", "exec", "run it")).said).toContain("the user refused it");
    expect(await acpx("exec", "fail")).toMatchObject({
      exitCode: 1,
      said: expect.stringContaining("did not accept the key in ANTHROPIC_API_KEY (HTTP 401)"),
    });
  },
  120_000,
);

test.skipIf(!existsSync(ACPX))(
  `${title}: a session over several calls, its mode and model`,
  async () => {
    const { stub, acpx } = await open();
    expect((await acpx("sessions", "new")).exitCode).toBe(0);
    expect((await acpx("prompt", "hello one")).said).toContain("stub: hello one");
    expect((await acpx("set-mode", "plan")).said).toContain("mode set: plan");
    expect((await acpx("set", "model", "anthropic/claude-haiku-4-5")).exitCode).toBe(0);
    expect((await acpx("--approve-all", "prompt", "write it")).said).toContain("plan mode allows nothing");
    expect(stub.requests.at(-1)?.body).toMatchObject({ model: "claude-haiku-4-5" });
    expect(JSON.stringify(stub.requests.at(-1)?.body)).toContain("hello one");
    expect((await acpx("sessions", "list")).said).toContain("hello one");
  },
  120_000,
);
