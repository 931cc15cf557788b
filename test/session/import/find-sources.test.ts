import { createHash } from "node:crypto";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { agentHomes, ownSources, sourcesAt } from "../../../src/session/import/find-sources.ts";
import type { ForeignAgent } from "../../../src/session/import/import-item.ts";
import { sqliteOpener } from "../../../src/session/import/sqlite.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const CWD = "/home/dev/my project";

async function homeWith(files: Record<string, string>) {
  const home = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  }
  const options = (agent: ForeignAgent, variables: Record<string, string> = {}) => ({
    agent,
    cwd: CWD,
    homes: agentHomes(home, (name) => variables[name]),
    open: sqliteOpener({}),
  });
  const own = async (agent: ForeignAgent, variables?: Record<string, string>) =>
    (await ownSources(options(agent, variables))).map(({ label }) => label.replace(home, ""));
  const at = async (agent: ForeignAgent, path: string) =>
    (await sourcesAt(join(home, path), options(agent))).map(({ label }) => label.replace(home, ""));
  return { home, own, at };
}

it("finds the sessions that each agent keeps of a project, and no other project's", async () => {
  const hash = createHash("sha256").update(CWD).digest("hex");
  const { own } = await homeWith({
    ".claude/projects/-home-dev-my-project/a.jsonl": "",
    ".claude/projects/-home-dev-my-project/agent-b.jsonl": "",
    ".claude/projects/-home-dev-my-project/a/subagents/agent-c.jsonl": "",
    ".claude/projects/-home-dev-other/a.jsonl": "",
    [`.gemini/tmp/${hash}/chats/session-1.json`]: "",
    [`.gemini/tmp/${hash}/logs.json`]: "",
    ".gemini/tmp/my-project/.project_root": `${CWD}\n`,
    ".gemini/tmp/my-project/chats/session-2.jsonl": "",
    ".gemini/tmp/other/.project_root": "/other",
    ".gemini/tmp/other/chats/session-3.jsonl": "",
    ".pi/agent/sessions/--home-dev-my project--/1.jsonl": "",
    ".codex/archived_sessions/rollout-1.jsonl": `{"type":"session_meta","payload":{"cwd":"${CWD}"}}\n`,
    ".codex/sessions/2026/01/01/rollout-2.jsonl": `{"type":"session_meta","payload":{"cwd":"/other"}}\n`,
    ".local/share/opencode/storage/session/p/ses_1.json": `{"id":"ses_1","directory":"${CWD}"}`,
    ".local/share/opencode/storage/session/p/ses_2.json": `{"id":"ses_2","directory":"${CWD}","parentID":"ses_1"}`,
  });
  expect(await own("claude-code")).toEqual(["/.claude/projects/-home-dev-my-project/a.jsonl"]);
  expect((await own("gemini")).toSorted()).toEqual([
    `/.gemini/tmp/${hash}/chats/session-1.json`,
    "/.gemini/tmp/my-project/chats/session-2.jsonl",
  ]);
  expect(await own("pi")).toEqual(["/.pi/agent/sessions/--home-dev-my project--/1.jsonl"]);
  expect(await own("codex")).toEqual(["/.codex/archived_sessions/rollout-1.jsonl"]);
  expect(await own("opencode")).toEqual(["/.local/share/opencode/storage/session/p/ses_1.json"]);
  await expect(own("hearth")).rejects.toMatchObject({ code: "import.not_found" });
  await expect(own("pi", { PI_CODING_AGENT_DIR: "/nowhere" })).rejects.toMatchObject({
    code: "import.not_found",
  });
});

it("finds the sessions of a project in opencode's database", async () => {
  const { home, own, at } = await homeWith({ ".local/share/opencode/auth.json": "{}" });
  const database = new DatabaseSync(join(home, ".local/share/opencode/opencode.db"));
  database.exec(
    "create table session (id text, parent_id text, directory text, title text, revert text, time_created integer)",
  );
  database.exec(
    `insert into session values ('ses_1', null, '${CWD}', 't', null, 1), ('ses_2', null, '/other', 't', null, 2)`,
  );
  database.close();
  expect(await own("opencode")).toEqual(["/.local/share/opencode/opencode.db#ses_1"]);
  expect(await at("opencode", ".local/share/opencode/opencode.db")).toHaveLength(2);
});

it("takes a folder's session files in the order of their names, at any depth, and follows no links", async () => {
  const { home, at } = await homeWith({
    "in/b.jsonl": "",
    "in/a/c.jsonl": "",
    "in/notes.md": "",
    "out/d.jsonl": "",
  });
  await symlink(join(home, "out"), join(home, "in", "link"));
  await symlink(join(home, "out", "d.jsonl"), join(home, "in", "d.jsonl"));
  expect(await at("codex", "in")).toEqual(["/in/a/c.jsonl", "/in/b.jsonl"]);
  expect(await at("codex", "in/notes.md")).toEqual(["/in/notes.md"]);
  await expect(at("codex", "no")).rejects.toMatchObject({ code: "import.not_found" });
});
