import { chmod, mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkCodex } from "../../../src/runtimes/codex/check.ts";
import { createCodexRuntime } from "../../../src/runtimes/codex/codex-runtime.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { runtimeOptions } from "./harness.ts";

/** A program that says this at `--version`, in a home of its own. */
async function installed(script: string) {
  const home = await temporaryFolder();
  const command = join(home, "codex");
  const write = async (text: string) => {
    await writeFile(command, `#!/bin/sh\n${text}\n`);
    await chmod(command, 0o755);
  };
  await write(script);
  await mkdir(join(home, ".codex"));
  const env: Record<string, string> = { PATH: process.env.PATH ?? "", HOME: home };
  const check = () => checkCodex({ command, args: ["app-server"], env }, new AbortController().signal);
  return { home, command, write, env, check };
}

it("tells the version, and that no login can be seen", async () => {
  const { check, command } = await installed("echo codex-cli 0.169.0");
  expect(await check()).toEqual({
    available: true,
    detail: expect.stringMatching(`^${command}, version 0\\.169\\.0, not logged in .*codex login`),
  });
});

it.each([
  ["auth.json", "{}"],
  ["config.toml", 'model_provider = "mine"'],
  ["config.toml", '[x]\n  cli_auth_credentials_store = "keyring"'],
])("is content with %s: %s", async (file, text) => {
  const { check, home, command } = await installed("echo codex-cli 0.169.0");
  await writeFile(join(home, ".codex", file), text);
  expect(await check()).toEqual({ available: true, detail: `${command}, version 0.169.0` });
});

it("looks for the login where CODEX_HOME says", async () => {
  const { check, home, env } = await installed("echo codex-cli 0.169.0");
  env.CODEX_HOME = join(home, "elsewhere");
  await mkdir(env.CODEX_HOME);
  await writeFile(join(env.CODEX_HOME, "auth.json"), "{}");
  expect(await check()).not.toMatchObject({ detail: expect.stringContaining("logged in") });
});

it("asks a program for its version once, until it changes", async () => {
  const { check, home, command, write } = await installed(
    'echo x >> "$HOME/asked"; echo codex-cli 0.1$(wc -l < "$HOME/asked" | tr -d " ").0',
  );
  expect(await check()).toMatchObject({ detail: expect.stringContaining("older than 0.169") });
  expect(await check()).toMatchObject({ detail: expect.stringContaining("version 0.11.0") });
  await write("echo codex-cli 1.0.0");
  await utimes(command, new Date(1_000), new Date(1_000));
  await writeFile(join(home, ".codex", "auth.json"), "{}");
  expect(await check()).toEqual({ available: true, detail: `${command}, version 1.0.0` });
});

it("still finds a program that does not tell its version", async () => {
  const { check } = await installed("exit 3");
  expect(await check()).toMatchObject({
    available: true,
    detail: expect.stringContaining("does not tell its version"),
  });
});

it("is asked by the runtime, where the program is there", async () => {
  const { command } = await installed("echo codex-cli 0.169.0");
  const look = (program: string) =>
    createCodexRuntime(runtimeOptions({ command: program, args: [] })).check(new AbortController().signal);
  expect(await look(command)).toMatchObject({ available: true, detail: expect.stringContaining("0.169.0") });
  expect(await look("no-codex-here")).toMatchObject({ available: false });
});
