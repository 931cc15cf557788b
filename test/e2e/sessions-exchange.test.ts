// Sessions from and for elsewhere, through the built program: import, export, and what comes back (SPEC A-101, A-150, A-200).
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newPlace, type Place, runHearth } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { driveApp } from "./app-driver.ts";
import { messagesOf, textsOf } from "./scripted.ts";

const KEY = `ghp_${"a1B2".repeat(9)}`;
const CLAUDE = [
  { type: "summary", summary: "A title", leafUuid: "a2" },
  {
    type: "user",
    uuid: "u1",
    parentUuid: null,
    sessionId: "s",
    timestamp: "2026-01-01T10:00:00Z",
    message: { role: "user", content: `what is in a.txt? ${KEY}` },
  },
  {
    type: "assistant",
    uuid: "a1",
    parentUuid: "u1",
    timestamp: "2026-01-01T10:00:01Z",
    message: {
      id: "m1",
      role: "assistant",
      model: "claude-x",
      content: [{ type: "tool_use", id: "t1", name: "Bash", input: { command: "cat a.txt" } }],
      usage: { input_tokens: 10, output_tokens: 5 },
    },
  },
  {
    type: "user",
    uuid: "u2",
    parentUuid: "a1",
    timestamp: "2026-01-01T10:00:02Z",
    message: { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "MANGO" }] },
  },
  {
    type: "assistant",
    uuid: "a2",
    parentUuid: "u2",
    timestamp: "2026-01-01T10:00:03Z",
    message: {
      id: "m2",
      role: "assistant",
      model: "claude-x",
      content: [{ type: "text", text: "A mango." }],
      stop_reason: "end_turn",
      usage: { input_tokens: 10, output_tokens: 5 },
    },
  },
  { type: "brand-new-thing" },
];

async function claudeFile(place: Place, more = "not json\n"): Promise<string> {
  const file = join(place.home, "f.jsonl");
  await writeFile(file, CLAUDE.map((line) => `${JSON.stringify(line)}\n`).join("") + more);
  return file;
}

async function importJson(place: Place, args: readonly string[]) {
  const { stdout, exitCode, stderr } = await runHearth(place, ["sessions", "import", ...args, "--json"]);
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  const { sessions } = JSON.parse(stdout) as {
    sessions: { id: string; status: string; unknown: unknown; path: string }[];
  };
  return sessions;
}

test("A-150: a Claude Code session becomes one of ours that goes on; unknown lines are counted", async () => {
  const place = await newPlace();
  const file = await claudeFile(place);
  const { stdout } = await runHearth(place, [
    "sessions",
    "import",
    "--from",
    "claude-code",
    file,
    "--dry-run",
  ]);
  expect(stdout).toMatch(/^would be imported {2}\w{17} {2}4 messages, 1 run, 2 lines not understood \(/);
  const [imported] = await importJson(place, ["--from", "claude-code", file]);
  expect(imported).toMatchObject({ status: "imported", unknown: { "brand-new-thing": 1, "not JSON": 1 } });
  await using stub = await withStub(["It was a mango."]);
  const goesOn = await runHearth(
    {
      ...place,
      env: {
        ...place.env,
        ...(await newPlace(stub)).env,
        HOME: place.home,
        HEARTH_HOME: join(place.home, "hearth"),
      },
    },
    ["--resume", imported?.id.slice(0, 12) ?? "", "-p", "what was it?"],
  );
  expect(goesOn.stdout).toBe("It was a mango.\n");
  expect(textsOf(stub.requests[0], "user").join("\n")).toMatch(/what is in a\.txt\?[\s\S]*what was it\?/);
  expect(JSON.stringify(messagesOf(stub.requests[0]))).toContain("MANGO");
  const [again] = await importJson(place, ["--from", "claude-code", file]);
  expect(again).toMatchObject({ status: "already", id: imported?.id });
});

test("without a file, an agent's own sessions of this project are taken", async () => {
  const place = await newPlace();
  const none = await runHearth(place, ["sessions", "import", "--from", "claude-code"]);
  expect(none).toMatchObject({ exitCode: 2, stdout: "" });
  expect(none.stderr).toMatch(/There are no sessions of .*\nhint: /);
  const folder = join(place.home, ".claude", "projects", place.cwd.replace(/[^a-zA-Z0-9]/g, "-"));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "s.jsonl"), await readFile(await claudeFile(place)));
  await writeFile(join(folder, "agent-1.jsonl"), "{}\n");
  const codex = join(place.home, ".codex", "sessions", "2026", "01", "01");
  await mkdir(codex, { recursive: true });
  const rollout = (cwd: string) =>
    [
      { timestamp: "2026-01-01T00:00:00Z", type: "session_meta", payload: { id: cwd, cwd } },
      {
        timestamp: "2026-01-01T00:00:00Z",
        type: "response_item",
        payload: { type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] },
      },
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join("");
  await writeFile(join(codex, "rollout-1.jsonl"), rollout(place.cwd));
  await writeFile(join(codex, "rollout-2.jsonl"), rollout("/elsewhere"));
  expect(await importJson(place, ["--from", "claude-code"])).toHaveLength(1);
  expect(await importJson(place, ["--from", "codex"])).toHaveLength(1);
  const { stdout } = await runHearth(place, ["sessions", "list"]);
  expect(stdout.trim().split("\n")).toHaveLength(2);
});

test("A-101: Markdown and HTML to standard output, secrets redacted unless asked; JSONL comes back equal", async () => {
  const place = await newPlace();
  const [imported] = await importJson(place, ["--from", "claude-code", await claudeFile(place)]);
  const id = imported?.id ?? "";
  const run = (...args: string[]) => runHearth(place, ["sessions", "export", id, ...args]);
  const markdown = await run("--format", "md");
  expect(markdown.stdout).toMatch(/^# A title\n/);
  expect(markdown.stdout).toContain("- **Bash** `cat a.txt` (done)");
  expect(markdown.stdout).toContain("[redacted: GitHub token]");
  expect((await run("--format", "md", "--no-redact")).stdout).toContain(KEY);
  expect((await run("--format", "html")).stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  expect(await run("--format", "pdf")).toMatchObject({ exitCode: 2, stdout: "" });
  for (const target of ["/dev/null/x.md", place.home]) {
    const refused = await run("--format", "md", "--out", target);
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^hearth: The export cannot be written to .*: .*\.\n$/);
  }

  const file = join(place.home, "out", "session.jsonl");
  expect(await run("--format", "jsonl", "--no-redact", "--out", file)).toMatchObject({
    exitCode: 0,
    stdout: "",
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const other = await newPlace();
  const [back] = await importJson(other, ["--from", "hearth", file]);
  expect(back?.status).toBe("imported");
  const show = (at: Place, reference: string) =>
    runHearth(at, ["sessions", "export", reference, "--no-redact"]);
  const [ours, theirs] = [await show(place, id), await show(other, back?.id ?? "")];
  const talk = (text: string) => text.slice(text.indexOf("## You"));
  expect(talk(theirs.stdout)).toBe(talk(ours.stdout));
  expect((await importJson(other, ["--from", "hearth", file]))[0]?.status).toBe("already");

  const changed = (await readFile(file, "utf8")).replace("MANGO", "MELON");
  await writeFile(file, changed);
  const refused = await runHearth(await newPlace(), ["sessions", "import", "--from", "hearth", file]);
  expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
  expect(refused.stderr).toContain("checksum");
});

test("a session that comes from another Hearth does not bring its permissions along", async () => {
  const place = await newPlace();
  await using stub = await withStub(["one"]);
  const there = await newPlace(stub);
  await runHearth(there, ["-p", "go", "--permission-mode", "full"]);
  const [listed] = JSON.parse((await runHearth(there, ["sessions", "list", "--json"])).stdout) as {
    path: string;
  }[];
  const [imported] = await importJson(place, ["--from", "hearth", listed?.path ?? ""]);
  const lines = (await readFile(imported?.path ?? "", "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.filter(({ type }) => type === "mode")).toEqual([]);
  expect(lines.at(-1)).toMatchObject({ type: "state", state: { mode: null } });
  expect(JSON.stringify(lines)).not.toContain('"full"');
});

test("/export writes what its argument says: a format, a file, or both; secrets stay out unless asked", async () => {
  const place = await newPlace();
  await using stub = await withStub(["one"]);
  const { app, run } = await driveApp(place, stub);
  await run(`the key is ${KEY}`);
  const said = async (line: string) => {
    const { findCommand } = await import("../../src/app/commands/table.ts");
    const { command, args } = findCommand(line);
    return (await command.run(args, app)).text ?? "";
  };
  expect(await said("/export")).toBe(
    `Written to ${join(place.cwd, `hearth-${app.conversation.sessionId}.md`)}`,
  );
  expect(await said("/export a b.html")).toBe(`Written to ${join(place.cwd, "a b.html")}`);
  expect(await said("/export jsonl out/c.txt --no-redact")).toBe(
    `Written to ${join(place.cwd, "out/c.txt")}`,
  );
  expect(await said("/export codex")).toMatch(/^Written to .*rollout-.*\n`codex resume /);
  expect(await readFile(join(place.cwd, "a b.html"), "utf8")).not.toContain(KEY);
  expect(await readFile(join(place.cwd, "out/c.txt"), "utf8")).toContain(KEY);
  await expect(said("/export pdf")).rejects.toMatchObject({ code: "command.usage" });
  await expect(said("/export .")).rejects.toMatchObject({ code: "export.write" });
});

test("for Claude Code and Codex a session is put where they find it, once, and nothing of theirs is changed", async () => {
  const place = await newPlace();
  const [imported] = await importJson(place, ["--from", "claude-code", await claudeFile(place)]);
  await mkdir(join(place.home, ".codex"));
  const settings = 'model = "m"\nmodel_provider = "house"\n\n[profiles.x]\nmodel_provider = "other"\n';
  await writeFile(join(place.home, ".codex", "config.toml"), settings);
  for (const [format, folder, resume] of [
    [
      "claude-code",
      join(place.home, ".claude", "projects", place.cwd.replace(/[^a-zA-Z0-9]/g, "-")),
      "claude --resume",
    ],
    ["codex", join(place.home, ".codex", "sessions", "2026", "01", "01"), "codex resume"],
  ] as const) {
    const export_ = () => runHearth(place, ["sessions", "export", imported?.id ?? "", "--format", format]);
    const first = await export_();
    expect(first.stderr).toContain("Written to");
    expect(first.stderr).toContain(resume);
    const [name = "", ...others] = await readdir(folder);
    expect(others).toEqual([]);
    const [line = ""] = (await readFile(join(folder, name), "utf8")).split("\n");
    // Codex opens no session that does not say whom to ask.
    if (format === "codex")
      expect(JSON.parse(line)).toMatchObject({ payload: { model_provider: "house", cwd: place.cwd } });
    await writeFile(join(folder, name), "theirs now\n");
    expect((await export_()).stderr).toContain("It is there already");
    expect(await readFile(join(folder, name), "utf8")).toBe("theirs now\n");
  }
});
