import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkCodex } from "../../../src/runtimes/codex/check.ts";
import { createCodexRuntime } from "../../../src/runtimes/codex/codex-runtime.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { runtimeOptions } from "./harness.ts";

/** A program that says this at `--version`, in a home of its own. */
async function installed(version: string) {
  const home = await temporaryFolder();
  const command = join(home, "codex");
  await writeFile(command, `#!/bin/sh\necho codex-cli ${version}\n`);
  await chmod(command, 0o755);
  await mkdir(join(home, ".codex"));
  const env: Record<string, string> = { PATH: process.env.PATH ?? "", HOME: home };
  const check = () => checkCodex({ command, args: ["app-server"], env }, new AbortController().signal);
  return { home, command, env, check };
}

it("tells the version, and that no login can be seen", async () => {
  const { check, command } = await installed("0.169.0");
  expect(await check()).toEqual({
    available: true,
    detail: command,
    version: "0.169.0",
    login: { ok: false },
  });
});

it.each([
  ["auth.json", "{}"],
  ["config.toml", 'model_provider = "mine"'],
  ["config.toml", 'model = "x"\n  cli_auth_credentials_store = "keyring"'],
])("is content with %s: %s", async (file, text) => {
  const { check, home } = await installed("0.169.0");
  await writeFile(join(home, ".codex", file), text);
  expect(await check()).toMatchObject({ available: true, version: "0.169.0", login: { ok: true } });
});

it("looks for the login where CODEX_HOME says", async () => {
  const { check, home, env } = await installed("0.170.1");
  env.CODEX_HOME = join(home, "elsewhere");
  await mkdir(env.CODEX_HOME);
  await writeFile(join(env.CODEX_HOME, "auth.json"), "{}");
  expect(await check()).toMatchObject({ available: true, version: "0.170.1", login: { ok: true } });
});

it("warns of a version that is older than what was tried", async () => {
  const { check } = await installed("0.120.0");
  expect(await check()).toMatchObject({
    available: true,
    detail: expect.stringContaining("older than 0.169.0"),
  });
});

it("is asked by the runtime, where the program is there", async () => {
  const { command } = await installed("0.169.0");
  const look = (program: string) =>
    createCodexRuntime(runtimeOptions({ command: program, args: [] })).check(new AbortController().signal);
  expect(await look(command)).toMatchObject({
    available: true,
    version: "0.169.0",
  });
  expect(await look("no-codex-here")).toMatchObject({ available: false });
});
