import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Editor, EditorCommand } from "../../src/protocol/editor.ts";
import { editorWorkspace } from "../../src/runtimes/editor-workspace.ts";
import { createLocalWorkspace } from "../../src/sandbox/local.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

type Given = Partial<Editor> & { env?: Record<string, string> };

async function open({ env = {}, ...editor }: Given) {
  const base = await temporaryFolder();
  const root = join(base, "root");
  await writeFile(join(base, "beside"), "beside\n");
  await mkdir(root);
  const told: string[] = [];
  const childEnv = { PATH: process.env.PATH ?? "" };
  const local = await createLocalWorkspace({ root, env: childEnv, tempDir: join(base, "temp") });
  const workspace = editorWorkspace(
    local,
    { addDirs: [], env: { ...childEnv, ...env }, childEnv },
    { onFallback: (what) => told.push(what), ...editor },
  );
  return { base, root, workspace, told };
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const end = { output: "", cut: false, exitCode: 0, timedOut: false, aborted: false };

test("a file is what the editor says, its bytes where that says the same", async () => {
  let shown = "ONE\n";
  const { root, workspace } = await open({ readText: () => Promise.resolve(shown) });
  const write = async (words: string) => {
    await writeFile(join(root, "a"), words);
    // Long ago: nobody waits for the editor to see it.
    await utimes(join(root, "a"), 1, 1);
  };
  await write("one\r\n");
  expect(text(await workspace.readFile("a"))).toBe("ONE\r\n");
  shown = "one\n";
  expect(text(await workspace.readFile("a"))).toBe("one\r\n");
  await write("\ufeffone\n");
  shown = "two\n";
  expect(text(await workspace.readFile("a"))).toBe("\ufefftwo\n");
});

test("a file that was changed a moment ago is asked for once more: the editor may not have seen it yet", async () => {
  const answers = ["old\n", "new\n"];
  const { root, workspace } = await open({ readText: () => Promise.resolve(answers.shift() ?? "none") });
  await writeFile(join(root, "a"), "new\n");
  expect(text(await workspace.readFile("a"))).toBe("new\n");
  expect(answers).toEqual([]);
});

test("what is no text of ours to share is never asked for: other encodings, bytes, what is outside", async () => {
  const asked: string[] = [];
  const readText = (path: string) => {
    asked.push(path);
    return Promise.resolve("wrong");
  };
  const { root, base, workspace } = await open({ readText });
  const utf16 = Buffer.from("\ufeffhi", "utf16le");
  const bytes = Buffer.from([1, 0, 2]);
  await writeFile(join(root, "utf16"), utf16);
  await writeFile(join(root, "bytes"), bytes);
  await writeFile(join(base, "temp", "log"), "log\n");
  expect(Buffer.from(await workspace.readFile("utf16"))).toEqual(utf16);
  expect(Buffer.from(await workspace.readFile("bytes"))).toEqual(bytes);
  expect(text(await workspace.readFile(join(base, "temp", "log")))).toBe("log\n");
  await expect(workspace.readFile("../beside")).rejects.toMatchObject({ code: "workspace.outside" });
  expect(asked).toEqual([]);
});

test("a range of a whole file is the editor's, a part of it is the disk's", async () => {
  const { root, workspace } = await open({ readText: () => Promise.resolve("longer than it was") });
  await writeFile(join(root, "a"), "short");
  expect(text(await workspace.readRange("a", 0, 5))).toBe("longer than it was");
  expect(text(await workspace.readRange("a", 1, 3))).toBe("ho");
});

test("a change goes through the editor; what that leaves unsaved is saved beside it", async () => {
  const taken: string[] = [];
  const { root, workspace } = await open({
    writeText: (_, content) => {
      taken.push(content);
      return Promise.resolve();
    },
  });
  await writeFile(join(root, "a"), "one");
  await workspace.writeFile("a", Buffer.from("two"));
  expect(await readFile(join(root, "a"), "utf8")).toBe("two");
  await workspace.writeFile("deep/new", Buffer.from("new"));
  expect(await readFile(join(root, "deep/new"), "utf8")).toBe("new");
  expect(taken).toEqual(["two", "new"]);
});

test("what the editor makes of a change is left as it made it", async () => {
  const { root, workspace } = await open({
    writeText: (path, content) => writeFile(path, `${content} // formatted\n`),
  });
  await writeFile(join(root, "a"), "one");
  await workspace.writeFile("a", Buffer.from("two"));
  expect(await readFile(join(root, "a"), "utf8")).toBe("two // formatted\n");
});

test("what the editor refuses is done by ourselves, and told once each", async () => {
  const no = () => Promise.reject(new Error("no"));
  const { root, workspace, told } = await open({ readText: no, writeText: no, run: no });
  await writeFile(join(root, "a"), "one");
  for (const words of ["two", "three"]) {
    expect(text(await workspace.readFile("a"))).not.toBe(words);
    await workspace.writeFile("a", Buffer.from(words));
    const said: string[] = [];
    const signal = new AbortController().signal;
    const ended = await workspace.exec("cat a", { onOutput: (part) => said.push(part), signal });
    expect([ended.exitCode, said.join("")]).toEqual([0, words]);
  }
  expect(told).toEqual(["read", "write", "run"]);
});

test("a command in the editor's terminal has its shell, folder and time, and none of our secrets", async () => {
  const commands: EditorCommand[] = [];
  const run = (command: EditorCommand) => {
    commands.push(command);
    return Promise.resolve({ ...end, output: "partial\n", cut: true, exitCode: 9, timedOut: true });
  };
  const env = { OPENAI_API_KEY: "k", GITHUB_TOKEN: "t", EDITOR_THEME: "dark" };
  const { root, workspace } = await open({ run, env });
  const said: string[] = [];
  const { signal } = new AbortController();
  const ended = await workspace.exec("make", {
    timeoutSeconds: 3,
    onOutput: (part) => said.push(part),
    signal,
  });
  expect(ended).toEqual({ exitCode: 124, timedOut: true, aborted: false });
  expect(said.join("")).toMatch(/^\[The beginning of the output was not kept.*\]\npartial\n$/);
  expect(commands[0]).toMatchObject({
    file: expect.stringMatching(/^\/.*sh$/),
    args: ["-c", "make"],
    cwd: root,
    timeoutMs: 3_000,
    env: { OPENAI_API_KEY: "", GITHUB_TOKEN: "" },
  });
  await expect(workspace.exec("x", { cwd: "..", signal })).rejects.toMatchObject({
    code: "workspace.outside",
  });
  // Input cannot be given to a terminal of the person's.
  await workspace.exec("cat", { stdin: "in", signal });
  expect(commands).toHaveLength(1);
});
