// The real Codex on the stub, in a place of its own. HEARTH_TEST_AGENTS names the folder of a `npm i @openai/codex`, or
// it is on PATH. Its home must not be under /tmp, so the place is made beside that folder.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { findProgram } from "../../src/lib/find-program.ts";
import { createCodexRuntime } from "../../src/runtimes/codex/codex-runtime.ts";
import type { CodexLimits } from "../../src/runtimes/codex/limits.ts";
import { type SessionSettings, startSession } from "./runtime-session.ts";
import type { TestStub } from "./stub.ts";

const folder = process.env.HEARTH_TEST_AGENTS;
const path = [
  ...(folder === undefined ? [] : [join(folder, "node_modules", ".bin")]),
  process.env.PATH ?? "",
].join(":");

export const CODEX = findProgram("codex", path);

/** A model whose metadata Codex has: without them it offers no tool to change files. */
const MODEL = "gpt-5.5";

function config(url: string): string {
  return `model = "${MODEL}"
model_provider = "stub"
check_for_update_on_startup = false
[model_providers.stub]
name = "stub"
base_url = "${url}/v1"
wire_api = "responses"
env_key = "STUB_KEY"
request_max_retries = 1
stream_max_retries = 1
[analytics]
enabled = false
`;
}

export async function codexPlace(stub: Pick<TestStub, "url">, limits: Partial<CodexLimits> = {}) {
  const home = await mkdtemp(join(folder ?? process.cwd(), ".home-"));
  onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const cwd = join(home, "work");
  await Promise.all([mkdir(cwd), mkdir(join(home, ".codex"))]);
  await writeFile(join(home, ".codex", "config.toml"), config(stub.url));
  const env = { PATH: path, HOME: home, LANG: "C.UTF-8", STUB_KEY: "stub-key" };
  let ids = 0;
  const runtime = createCodexRuntime(
    {
      name: "codex",
      command: CODEX ?? "codex",
      args: ["app-server"],
      env,
      idleTimeoutSeconds: 60,
      releaseSeconds: 600,
      newId: () => `id-${++ids}`,
      now: Date.now,
    },
    limits,
  );
  const start = (settings?: SessionSettings) => startSession(runtime, cwd, settings);
  return { home, cwd, env, runtime, start };
}

/** What Codex's model is to call for a command. */
export function shell(cmd: string, more: Record<string, unknown> = {}) {
  return { toolCalls: [{ name: "exec_command", arguments: { cmd, ...more } }] };
}

/** A change of files in Codex's own patch format, as its model writes it into a shell. */
export function patch(body: string) {
  return shell(`apply_patch <<'EOF'\n*** Begin Patch\n${body}\n*** End Patch\nEOF`);
}

/** The talk in the newest request that its model got, in short: roles, calls, results, texts. */
export function sentTalk(stub: Pick<TestStub, "requests">): string[] {
  const body = stub.requests.at(-1)?.body as { input: Record<string, unknown>[] } | undefined;
  return (body?.input ?? [])
    .filter(({ role }) => role !== "developer" && role !== "system")
    .map(({ type, role, name, arguments: args, output, content }) =>
      [role ?? type, name, args, output, content]
        .filter((part) => part !== undefined)
        .map((part) => (typeof part === "string" ? part : JSON.stringify(part)))
        .join(" "),
    );
}
