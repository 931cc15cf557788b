import { mkdir, realpath, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readProjectFiles } from "../../src/context/project-files.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Writes the files (by path relative to the folder; `links` to what they point at) and reads what a start would. */
async function read(
  files: Record<string, string>,
  cwd = "repo",
  { trusted = true, links = {} }: { trusted?: boolean; links?: Record<string, string> } = {},
) {
  const folder = await realpath(await temporaryFolder());
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await mkdir(join(folder, cwd), { recursive: true });
  for (const [path, target] of Object.entries(links)) await symlink(target, join(folder, path));
  const found = await readProjectFiles({
    configDir: join(folder, "config"),
    home: join(folder, "home"),
    cwd: join(folder, cwd),
    trusted,
  });
  return { ...found, folder };
}

const GIT = { "repo/.git/HEAD": "ref: refs/heads/main" };

describe("instruction files", () => {
  it("come from the root down to the working directory, an equal text once (A-114)", async () => {
    const { files, notices } = await read(
      {
        ...GIT,
        "repo/AGENTS.md": "root\n",
        "repo/CLAUDE.md": "root",
        "repo/sub/AGENTS.md": "sub",
        "repo/sub/deep/CLAUDE.md": "deep",
        "repo/other/AGENTS.md": "other",
      },
      "repo/sub/deep",
    );
    expect(files).toEqual([
      { path: "AGENTS.md", text: "root" },
      { path: "sub/AGENTS.md", text: "sub" },
      { path: "sub/deep/CLAUDE.md", text: "deep" },
    ]);
    expect(notices).toEqual([]);
  });

  it("of the user come first", async () => {
    const { files, folder } = await read({ ...GIT, "config/AGENTS.md": "mine", "repo/AGENTS.md": "theirs" });
    expect(files).toEqual([
      { path: join(folder, "config/AGENTS.md"), text: "mine" },
      { path: "AGENTS.md", text: "theirs" },
    ]);
  });

  it("of a directory that is not trusted are not read, and that is said", async () => {
    const { files, notices } = await read(
      { ...GIT, "config/AGENTS.md": "mine", "repo/AGENTS.md": "theirs" },
      "repo",
      { trusted: false },
    );
    expect(files.map(({ text }) => text)).toEqual(["mine"]);
    expect(notices).toEqual([
      "AGENTS.md is not read: you said that you do not trust this directory, which holds it.",
    ]);
  });

  it("outside a repository are those of the working directory alone", async () => {
    const { files } = await read({ "AGENTS.md": "above", "repo/AGENTS.md": "here" });
    expect(files.map(({ text }) => text)).toEqual(["here"]);
  });

  it("too long are cut at a line, with a notice", async () => {
    const { files, notices } = await read({ ...GIT, "repo/AGENTS.md": "0123456789abcde\n".repeat(3000) });
    expect(files[0]?.text.length).toBeLessThanOrEqual(32 * 1024);
    expect(files[0]?.text.endsWith("0123456789abcde")).toBe(true);
    expect(notices).toEqual([expect.stringContaining("cut after 32 KB")]);
  });

  it("over the limit together are left out, with a notice", async () => {
    const long = (letter: string) => letter.repeat(30_000);
    const { files, notices } = await read(
      { ...GIT, "repo/AGENTS.md": long("a"), "repo/CLAUDE.md": long("b"), "repo/sub/AGENTS.md": long("c") },
      "repo/sub",
    );
    expect(files.map(({ path }) => path)).toEqual(["AGENTS.md", "CLAUDE.md"]);
    expect(notices).toEqual([expect.stringContaining("left out")]);
  });

  it("that cannot be read are told, empty ones are nothing", async () => {
    const { files, notices } = await read({
      ...GIT,
      "repo/AGENTS.md/x": "a folder",
      "repo/CLAUDE.md": " \n",
    });
    expect(files).toEqual([]);
    expect(notices).toEqual([expect.stringContaining("EISDIR")]);
  });
});

describe("instruction files between home and the project", () => {
  it("count from home down, the nearest last", async () => {
    const { files, folder } = await read(
      {
        "home/AGENTS.md": "home",
        "home/work/CLAUDE.md": "work",
        "home/work/repo/.git/HEAD": "x",
        "home/work/repo/AGENTS.md": "repo",
        "home/work/repo/sub/AGENTS.md": "sub",
        "config/AGENTS.md": "config",
      },
      "home/work/repo/sub",
    );
    expect(files).toEqual([
      { path: join(folder, "config/AGENTS.md"), text: "config" },
      { path: join(folder, "home/AGENTS.md"), text: "home" },
      { path: join(folder, "home/work/CLAUDE.md"), text: "work" },
      { path: "AGENTS.md", text: "repo" },
      { path: "sub/AGENTS.md", text: "sub" },
    ]);
  });

  it("stay when the project is not trusted: they are the user's own", async () => {
    const files = { "home/AGENTS.md": "home", "home/x/AGENTS.md": "x" };
    const read1 = await read(files, "home/x", { trusted: false });
    expect(read1.files.map(({ text }) => text)).toEqual(["home"]);
  });
});

describe("a CLAUDE.md", () => {
  it.each([
    ["is a link to AGENTS.md", {}, { "repo/CLAUDE.md": "AGENTS.md" }],
    ["is a copy of it", { "repo/CLAUDE.md": "one\n\n" }, {}],
    ["imports it and says nothing else", { "repo/CLAUDE.md": "\n@AGENTS.md\n" }, {}],
  ])("that %s comes once (A-114)", async (_, more, links) => {
    const { files, notices } = await read({ ...GIT, "repo/AGENTS.md": "one", ...more }, "repo", { links });
    expect(files).toEqual([{ path: "AGENTS.md", text: "one" }]);
    expect(notices).toEqual([]);
  });

  it("brings the files it imports, and those they import, each once and not forever", async () => {
    const { files, notices } = await read({
      ...GIT,
      "repo/CLAUDE.md": "See @docs/style.md, and @./docs/style.md. Ask @nobody or me@docs/style.md.",
      "repo/docs/style.md": "style, then @more.md and @../CLAUDE.md",
      "repo/docs/more.md": "more",
    });
    expect(files.map(({ path }) => path)).toEqual(["CLAUDE.md", "docs/style.md", "docs/more.md"]);
    expect(notices).toEqual([]);
  });

  it("imports nothing out of code, and AGENTS.md imports nothing at all", async () => {
    const { files } = await read({
      ...GIT,
      "repo/CLAUDE.md": "Use `@docs/a.md`:\n\n```\n@docs/a.md\n```\n",
      "repo/AGENTS.md": "@docs/a.md",
      "repo/docs/a.md": "a",
    });
    expect(files.map(({ path }) => path)).toEqual(["AGENTS.md", "CLAUDE.md"]);
  });

  it("imports five files deep and no deeper, with a notice", async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 8 }, (_, at) => [`repo/n${at}.md`, `n${at} @n${at + 1}.md`]),
    );
    const { files, notices } = await read({ ...GIT, ...chain, "repo/CLAUDE.md": "@n0.md and words" });
    expect(files.map(({ path }) => path)).toEqual(["CLAUDE.md", "n0.md", "n1.md", "n2.md", "n3.md", "n4.md"]);
    expect(notices).toEqual([
      expect.stringMatching(/n4\.md imports @n5\.md, which was left out: imports go 5/),
    ]);
  });

  it.each([
    ["@../secret.md", "outside the project", {}],
    ["@link.md", "outside the project", { "repo/link.md": "../secret.md" }],
    ["@~/secret.md", "outside the project", {}],
    ["@.env", "a hidden file", {}],
    ["@.cache/key", "a hidden file", {}],
  ])("of a project does not import %s: it is %s", async (line, reason, links) => {
    const { files, notices } = await read(
      {
        ...GIT,
        "repo/CLAUDE.md": `rules ${line}`,
        "secret.md": "secret",
        "home/secret.md": "secret",
        "repo/.env": "KEY=secret",
        "repo/.cache/key": "secret",
      },
      "repo",
      { links },
    );
    expect(files.map(({ path }) => path)).toEqual(["CLAUDE.md"]);
    expect(notices).toEqual([expect.stringContaining(reason)]);
  });

  it("of the user may import what is in their home, but no keys", async () => {
    const { files, notices } = await read({
      ...GIT,
      "config/CLAUDE.md": "mine @~/notes/me.md @~/.claude/more.md @~/.ssh/id",
      "home/notes/me.md": "me",
      "home/.claude/more.md": "more",
      "home/.ssh/id": "secret",
    });
    expect(files.map(({ text }) => text).slice(1)).toEqual(["me", "more"]);
    expect(notices).toEqual([expect.stringContaining("it is a hidden file")]);
  });
});

it("a file made to be slow to read through is read in a moment", async () => {
  const hostile = Array.from({ length: 250 }, (_, at) => `${"`".repeat(at % 40)} @a${at} `).join("x");
  const { files } = await read({
    ...GIT,
    "repo/CLAUDE.md": hostile.repeat(4),
    "repo/AGENTS.md": "`".repeat(32_000),
  });
  expect(files).toHaveLength(2);
}, 5_000);
