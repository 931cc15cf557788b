import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLocalWorkspace } from "../../src/sandbox/local.ts";
import { temporaryFolder } from "../tools/temporary-workspace.ts";

const env = { PATH: process.env.PATH ?? "", HOME: "/home/somebody" };

async function workspaceWithNeighbour() {
  const base = temporaryFolder();
  const root = join(base, "root");
  const outside = join(base, "root-beside");
  await mkdir(root);
  await mkdir(outside);
  await writeFile(join(outside, "secret"), "secret");
  const options = { root, env, tempDir: join(base, "temp") };
  return { base, root, outside, options, workspace: await createLocalWorkspace(options) };
}

const run = (onOutput: (text: string) => void) => ({ onOutput, signal: new AbortController().signal });

test("A-057: every way out is refused: dot-dot, absolute, home, links to folders and files, dangling links", async () => {
  const { workspace, root, outside } = await workspaceWithNeighbour();
  await symlink(outside, join(root, "folder"));
  await symlink("../root-beside/secret", join(root, "file"));
  await symlink(join(outside, "new"), join(root, "dangling"));
  await symlink("dangling", join(root, "twice"));
  await symlink("folder/deep/new", join(root, "deep"));
  await mkdir(join(root, "sub"));
  const ways = [
    ...["..", "../x", "sub/../../x", outside, `${root}-beside/secret`, "/etc/passwd", "~", "~/x"],
    ...["folder", "folder/secret", "folder/new/deep", "file", "dangling", "twice", "deep", "sub/../folder/x"],
  ];
  for (const way of ways) {
    await expect(workspace.resolve(way), way).rejects.toMatchObject({ code: "workspace.outside" });
    await expect(workspace.writeFile(way, Buffer.from("x")), way).rejects.toMatchObject({
      code: "workspace.outside",
    });
  }
  expect(await readFile(join(outside, "secret"), "utf8")).toBe("secret");
});

test("links inside, paths that do not exist yet and dots are resolved", async () => {
  const { workspace, root } = await workspaceWithNeighbour();
  await mkdir(join(root, "real"));
  await symlink("real", join(root, "link"));
  await symlink("real/later", join(root, "dangling"));
  expect(await workspace.resolve(".")).toBe(root);
  expect(await workspace.resolve("link/new/file")).toBe(join(root, "real/new/file"));
  expect(await workspace.resolve("dangling")).toBe(join(root, "real/later"));
  expect(await workspace.resolve("real/../real")).toBe(join(root, "real"));
  expect(await workspace.resolve("..dots")).toBe(join(root, "..dots"));
});

test("a link that leads to itself and a NUL in a path are errors", async () => {
  const { workspace, root } = await workspaceWithNeighbour();
  await symlink("loop", join(root, "loop"));
  await expect(workspace.resolve("loop")).rejects.toMatchObject({ code: "workspace.path" });
  await expect(workspace.resolve("a\0b")).rejects.toMatchObject({ code: "workspace.path" });
});

test("added folders and the folder for long texts are allowed", async () => {
  const { options, outside } = await workspaceWithNeighbour();
  const workspace = await createLocalWorkspace({ ...options, addDirs: [outside] });
  expect(Buffer.from(await workspace.readFile(join(outside, "secret"))).toString()).toBe("secret");
  await workspace.writeFile(join(options.tempDir, "x"), Buffer.from("x"));
});

test("a root that is missing or a file is refused", async () => {
  const { options, root } = await workspaceWithNeighbour();
  await writeFile(join(root, "file"), "");
  for (const bad of [join(root, "none"), join(root, "file")]) {
    const failing = createLocalWorkspace({ ...options, root: bad });
    await expect(failing).rejects.toMatchObject({ code: "workspace.root" });
  }
});

test("files are read whole and in ranges, listed, told about and removed", async () => {
  const { workspace, root } = await workspaceWithNeighbour();
  await workspace.writeFile("a/b.txt", Buffer.from("0123456789"));
  await symlink("b.txt", join(root, "a/link"));
  expect(Buffer.from(await workspace.readRange("a/b.txt", 3, 6)).toString()).toBe("345");
  expect(Buffer.from(await workspace.readRange("a/b.txt", 8, 20)).toString()).toBe("89");
  expect((await workspace.readRange("a/b.txt", 20, 30)).length).toBe(0);
  expect(await workspace.stat("a/b.txt")).toMatchObject({ kind: "file", size: 10 });
  expect(await workspace.list("a")).toEqual([
    { name: "b.txt", kind: "file" },
    { name: "link", kind: "symlink" },
  ]);
  await workspace.remove("a");
  expect(await workspace.stat("a/b.txt")).toBeNull();
  await expect(workspace.readFile("a/b.txt")).rejects.toMatchObject({ code: "workspace.not_found" });
});

test("a program gets its arguments, its input and the environment it was given, and nothing else", async () => {
  const { workspace } = await workspaceWithNeighbour();
  let output = "";
  const options = { ...run((text) => (output += text)), stdin: "from stdin", env: { EXTRA: "1" } };
  const end = await workspace.execFile("sh", ["-c", 'cat; echo "|$1"; env', "sh", 'a "b" $c'], options);
  expect(end).toEqual({ exitCode: 0, timedOut: false, aborted: false });
  const [first, ...variables] = output.trim().split("\n");
  expect(first).toBe('from stdin|a "b" $c');
  const names = variables
    .map((line) => line.split("=")[0])
    .filter((name) => !["PWD", "SHLVL", "_", "OLDPWD"].includes(name ?? ""));
  expect(names.sort()).toEqual(["EXTRA", "HOME", "PATH"]);
});

test("the folder of a command is confined too", async () => {
  const { workspace } = await workspaceWithNeighbour();
  const failing = workspace.exec("pwd", { ...run(() => undefined), cwd: ".." });
  await expect(failing).rejects.toMatchObject({ code: "workspace.outside" });
});

test("a program that is not there is an error that names it", async () => {
  const { workspace } = await workspaceWithNeighbour();
  const failing = workspace.execFile(
    "no-such-program",
    [],
    run(() => undefined),
  );
  await expect(failing).rejects.toThrow("Could not start no-such-program.");
});

test("nothing is started when the call was aborted before", async () => {
  const { workspace } = await workspaceWithNeighbour();
  const end = await workspace.exec("touch made", { signal: AbortSignal.abort() });
  expect(end).toEqual({ exitCode: null, timedOut: false, aborted: true });
  expect(await workspace.stat("made")).toBeNull();
});

test("the output of a background process is bounded to its newest megabyte", async () => {
  const { workspace } = await workspaceWithNeighbour();
  const process = await workspace.spawn("yes 0123456 | head -c 5000000; echo END", {});
  await expect.poll(() => process.running(), { timeout: 10_000 }).toBe(false);
  expect(process.output().length).toBe(1024 * 1024);
  expect(process.output()).toMatch(/END\n$/);
  expect(process.exitCode()).toBe(0);
});
