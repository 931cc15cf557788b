// Writes the demo's example project into a fresh temporary folder, as a git repository with one commit.
import { mkdir, mkdtemp, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { demoProject } from "./demo-project.ts";

/** The folder is the caller's: it stays until the system cleans its temporary files, so that work is not lost. */
export async function createDemoProject(): Promise<{ dir: string }> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), "hearth-demo-")));
  for (const [path, text] of Object.entries(demoProject())) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  await commitAll(dir);
  return { dir };
}

async function commitAll(dir: string): Promise<void> {
  const { simpleGit } = await import("simple-git");
  const config = [
    "user.name=Hearth demo",
    "user.email=demo@localhost",
    "commit.gpgsign=false",
    "core.autocrlf=false",
  ];
  try {
    const git = simpleGit({ baseDir: dir, config });
    await git.init(["--initial-branch=main"]);
    await git.add(".");
    await git.commit("Cash book: read lines, add up by item");
  } catch {
    // Without git the demo works as well; only its diff against a first commit is missing.
  }
}
