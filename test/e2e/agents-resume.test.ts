// The real Claude Code, Codex and pi go on with sessions that were exported for them: the request that their model gets
// holds the earlier talk. Needs the programs: HEARTH_TEST_AGENTS names the folder of a `npm i @anthropic-ai/claude-code
// @openai/codex @earendil-works/pi-coding-agent`, or they are on PATH. HOME of Codex must not be under /tmp, so the place is made beside that folder.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { findProgram } from "../../src/lib/find-program.ts";
import { createSession } from "../../src/session/store.ts";
import { runHearth } from "../support/hearth.ts";
import { answer, call, result, storeContext, user, writeRun } from "../support/session-entries.ts";
import { providerEnv, type TestStub, withStub } from "../support/stub.ts";

const folder = process.env.HEARTH_TEST_AGENTS;
const path = [
  ...(folder === undefined ? [] : [join(folder, "node_modules", ".bin")]),
  process.env.PATH ?? "",
].join(":");

/** Not the launcher of a package whose program was not installed with it. */
function program(name: "claude" | "codex" | "pi"): string | null {
  const native =
    folder &&
    join(
      folder,
      "node_modules",
      "@anthropic-ai",
      `claude-code-${process.platform}-${process.arch}`,
      "claude",
    );
  if (name === "claude" && native && existsSync(native)) return native;
  return findProgram(name, path);
}

async function placeFor(stub: TestStub) {
  const home = await mkdtemp(join(folder ?? process.cwd(), ".home-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const cwd = join(home, "work");
  await mkdir(cwd);
  await execa("git", ["init", "--quiet"], { cwd });
  const env: Record<string, string> = {
    PATH: path,
    HOME: home,
    LANG: "C.UTF-8",
    HEARTH_HOME: join(home, "hearth"),
    ...providerEnv(stub),
  };
  const store = createSession({ dir: join(home, "hearth", "sessions"), cwd, ...storeContext() });
  await writeRun(
    store,
    "the word is PINEAPPLE",
    answer("I look at it.", call("c:1", "bash", { command: "cat a.txt" }), call("c2")),
    result("c:1", "MANGO", "bash"),
    result("c2", "PAPAYA"),
    answer("Seen."),
    user("also remember GUAVA"),
    answer("I will."),
  );
  await store.close();
  return { home, cwd, env, id: store.header.id };
}

/** Of the earlier talk, and the question after it. */
const WHOLE = [
  "PINEAPPLE",
  "I look at it.",
  "cat a.txt",
  "MANGO",
  "PAPAYA",
  "Seen.",
  "GUAVA",
  "I will.",
  "which word?",
];

/** The words of the earlier talk, in the order in which they stand in the request. */
function recalled(stub: TestStub): string[] {
  const bodies = stub.requests
    .map((request) => JSON.stringify(request.body))
    .filter((body) => body.includes("PINEAPPLE"));
  const body = bodies[0] ?? "";
  return WHOLE.filter((word) => body.includes(word)).toSorted((a, b) => body.indexOf(a) - body.indexOf(b));
}

/** What the agent made of its file, imported again. */
async function comesBack(place: Parameters<typeof runHearth>[0], agent: string): Promise<unknown> {
  const { stdout } = await runHearth(place, ["sessions", "import", "--from", agent, "--json"]);
  return (JSON.parse(stdout) as { sessions: unknown[] }).sessions[0];
}

test.skipIf(program("claude") === null)(
  "`claude --resume` goes on with an exported session (skipped where Claude Code is not installed)",
  async () => {
    await using stub = await withStub(["PINEAPPLE it was."]);
    const { env, cwd, id, home } = await placeFor(stub);
    const { stdout } = await runHearth({ env, cwd, home }, [
      "sessions",
      "export",
      id,
      "--format",
      "claude-code",
      "--json",
    ]);
    const { resume } = JSON.parse(stdout) as { resume: string };
    const quiet = {
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_AUTOUPDATER: "1",
      DISABLE_TELEMETRY: "1",
      DISABLE_ERROR_REPORTING: "1",
      CLAUDE_CODE_MAX_RETRIES: "1",
    };
    const ran = await execa(program("claude") ?? "", ["-p", "which word?", ...resume.split(" ").slice(1)], {
      cwd,
      env: { ...env, ...quiet },
      extendEnv: false,
      stdin: "ignore",
      timeout: 60_000,
      reject: false,
    });
    expect(ran.stdout).toContain("PINEAPPLE it was.");
    expect(recalled(stub)).toEqual(WHOLE);
    expect(await comesBack({ env, cwd, home }, "claude-code")).toMatchObject({
      messages: 9,
      runs: 3,
      unknown: {},
    });
  },
  90_000,
);

test.skipIf(program("codex") === null)(
  "`codex resume` goes on with an exported session (skipped where Codex is not installed)",
  async () => {
    await using stub = await withStub(["PINEAPPLE it was."]);
    const { env, cwd, id, home } = await placeFor(stub);
    await mkdir(join(home, ".codex"));
    await writeFile(
      join(home, ".codex", "config.toml"),
      `model = "stub-model"
model_provider = "stub"
check_for_update_on_startup = false
[model_providers.stub]
name = "stub"
base_url = "${env.OPENAI_BASE_URL ?? ""}"
wire_api = "responses"
env_key = "OPENAI_API_KEY"
request_max_retries = 1
stream_max_retries = 1
[analytics]
enabled = false
`,
    );
    const { stdout } = await runHearth({ env, cwd, home }, [
      "sessions",
      "export",
      id,
      "--format",
      "codex",
      "--json",
    ]);
    const { resume } = JSON.parse(stdout) as { resume: string };
    const ran = await execa(
      program("codex") ?? "",
      ["exec", "--json", "--skip-git-repo-check", ...resume.split(" ").slice(1), "which word?"],
      {
        cwd,
        env,
        extendEnv: false,
        stdin: "ignore",
        timeout: 60_000,
        reject: false,
      },
    );
    expect(ran.stdout).toContain("PINEAPPLE it was.");
    expect(recalled(stub)).toEqual(WHOLE);
    expect(await comesBack({ env, cwd, home }, "codex")).toMatchObject({ messages: 9, runs: 3, unknown: {} });
  },
  90_000,
);

test.skipIf(program("pi") === null)(
  "`pi --session` goes on with an exported session (skipped where pi is not installed)",
  async () => {
    await using stub = await withStub(["PINEAPPLE it was."]);
    const { env, cwd, id, home } = await placeFor(stub);
    const models = [{ id: "stub-model", contextWindow: 100_000, maxTokens: 8_000 }];
    const service = { baseUrl: env.OPENAI_BASE_URL, api: "openai-completions", apiKey: "k", models };
    const folder = join(home, ".pi", "agent");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "models.json"), JSON.stringify({ providers: { stub: service } }));
    const { stdout } = await runHearth({ env, cwd, home }, [
      ...["sessions", "export", id, "--format", "pi", "--json"],
    ]);
    const { resume } = JSON.parse(stdout) as { resume: string };
    const ran = await execa(
      program("pi") ?? "",
      ["-p", "--model", "stub/stub-model", ...resume.split(" ").slice(1), "--", "which word?"],
      {
        cwd,
        env: { ...env, PI_OFFLINE: "1", PI_SKIP_VERSION_CHECK: "1", PI_TELEMETRY: "0" },
        extendEnv: false,
        stdin: "ignore",
        timeout: 60_000,
        reject: false,
      },
    );
    expect(ran.stdout).toContain("PINEAPPLE it was.");
    expect(recalled(stub)).toEqual(WHOLE);
    expect(await comesBack({ env, cwd, home }, "pi")).toMatchObject({ messages: 9, runs: 3, unknown: {} });
  },
  90_000,
);
