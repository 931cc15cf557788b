import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readProjectFiles } from "../../src/context/project-files.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Writes the files (by path relative to the folder) and reads what a start in `cwd` would. */
async function read(files: Record<string, string>, cwd = "repo", trusted = true) {
  const folder = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await mkdir(join(folder, cwd), { recursive: true });
  const found = await readProjectFiles({
    configDir: join(folder, "config"),
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

  it("of a directory that is not trusted are not read", async () => {
    const { files } = await read(
      { ...GIT, "config/AGENTS.md": "mine", "repo/AGENTS.md": "theirs" },
      "repo",
      false,
    );
    expect(files.map(({ text }) => text)).toEqual(["mine"]);
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
