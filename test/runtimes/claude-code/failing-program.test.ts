import { writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/lib/app-error.ts";
import { groupAlive } from "../../../src/lib/process-group.ts";
import { checkClaude } from "../../../src/runtimes/claude-code/check.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { prepare } from "./harness.ts";

async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`not an AppError: ${String(error)}`);
  return error;
}

describe("a Claude Code that does not start", () => {
  it("tells its last words", async () => {
    const { start } = await prepare({ start: { exit: 2, say: "error: unknown option" } });
    const { code, hint } = await failure(start());
    expect(code).toBe("runtime.start");
    expect(hint).toContain("unknown option");
  });

  it("without a login says how one gets in, and nothing is left running", async () => {
    const account = { tokenSource: "none", apiKeySource: undefined, apiProvider: "firstParty" };
    const { start, agent } = await prepare({
      initialized: { account: { ...account, apiKeySource: "none" } },
    });
    const { code, message, hint } = await failure(start());
    expect(code).toBe("runtime.auth");
    expect(message).toBe("scripted could not be started: nobody is logged in.");
    expect(hint).toContain("claude");
    expect(groupAlive(agent.told("start")[0]?.pid ?? 0)).toBe(false);
  });

  it("that never answers is given up", async () => {
    const { start, agent } = await prepare({ start: "hang" }, { idleTimeoutSeconds: 1 });
    const { code, message } = await failure(start());
    expect(code).toBe("runtime.start");
    expect(message).toContain("did not answer");
    expect(groupAlive(agent.told("start")[0]?.pid ?? 0)).toBe(false);
  });

  it("is asked three times at most and kept from working unseen, unless the settings say otherwise", async () => {
    const { start, agent } = await prepare({ turns: [] }, { env: { CLAUDE_CODE_MAX_RETRIES: "9" } });
    await using _ = await start();
    expect(agent.told("start")[0]?.line.env).toMatchObject({
      CLAUDE_CODE_MAX_RETRIES: "9",
      CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1",
    });
  });
});

describe("the look at an installed Claude Code", () => {
  const look = async (env: Record<string, string> = {}, files: Record<string, string> = {}) => {
    const home = await temporaryFolder();
    const command = join(home, "claude");
    writeFileSync(command, "#!/bin/sh\necho '2.1.328 (Claude Code)'\n", { mode: 0o755 });
    await mkdir(join(home, ".claude"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text);
    const program = { command, args: [], env: { PATH: process.env.PATH ?? "", HOME: home, ...env } };
    return checkClaude(program, AbortSignal.timeout(10_000));
  };

  it("tells its version, and that nobody is logged in", async () => {
    expect(await look()).toMatchObject({ version: "2.1.328", login: { ok: false } });
  });

  it.each([
    ["a key", { ANTHROPIC_API_KEY: "k" }, {}],
    ["another service", { CLAUDE_CODE_USE_BEDROCK: "1" }, {}],
    ["a login", {}, { ".claude/.credentials.json": "{}" }],
    ["a key of its own", {}, { ".claude.json": '{"primaryApiKey":"k"}' }],
    ["a helper", {}, { ".claude/settings.json": '{"apiKeyHelper":"get-key"}' }],
  ])("takes %s for a login", async (_, env, files) => {
    expect(await look(env, files)).toMatchObject({ version: "2.1.328", login: { ok: true } });
  });
});
