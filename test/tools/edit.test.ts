import { chmod, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shown, temporaryWorkspace } from "./temporary-workspace.ts";

const edit = (old_text: string, new_text: string, more = {}) => ({ old_text, new_text, ...more });

test("A-044: text that is there twice is an error with the count, and the file stays as it is", async () => {
  const { call, put, text } = await temporaryWorkspace();
  await put("a.txt", "x x");
  const failing = call("edit", { path: "a.txt", edits: [edit("x", "y")] });
  await expect(failing).rejects.toThrow("Found 2 occurrences");
  expect(await text("a.txt")).toBe("x x");
});

test("replace_all replaces every occurrence", async () => {
  const { call, put, text } = await temporaryWorkspace();
  await put("a.txt", "x x");
  const output = await call("edit", { path: "a.txt", edits: [edit("x", "y", { replace_all: true })] });
  expect(shown(output)).toBe("Edited a.txt: 2 replacements (+1 -1).");
  expect(await text("a.txt")).toBe("y y");
});

test("A-045: new text is taken to the letter", async () => {
  const { call, put, text } = await temporaryWorkspace();
  await put("a.txt", "old");
  await call("edit", { path: "a.txt", edits: [edit("old", "$& $1 $$")] });
  expect(await text("a.txt")).toBe("$& $1 $$");
});

test("A-046: empty old text is an error at once", async () => {
  const { call, put, text } = await temporaryWorkspace();
  await put("a.txt", "x".repeat(1_000_000));
  const startedMs = performance.now();
  await expect(call("edit", { path: "a.txt", edits: [edit("", "y")] })).rejects.toMatchObject({
    code: "edit.empty",
  });
  expect(performance.now() - startedMs).toBeLessThan(1000);
  expect((await text("a.txt")).length).toBe(1_000_000);
});

test("A-047: in a CRLF file with a byte order mark all other bytes stay", async () => {
  const { call, put, text } = await temporaryWorkspace();
  await put("dos.txt", "\ufeffone\r\ntwo\r\nthree\r\n");
  await call("edit", { path: "dos.txt", edits: [edit("one\ntwo", "one\nzwei\ndrei")] });
  expect(await text("dos.txt")).toBe("\ufeffone\r\nzwei\r\ndrei\r\nthree\r\n");
});

test("A-048: two edits of one file in a row both hold, and so do two in one call", async () => {
  const { call, put, text } = await temporaryWorkspace();
  await put("a.txt", "one two three four");
  await call("edit", { path: "a.txt", edits: [edit("one", "1")] });
  await call("edit", { path: "a.txt", edits: [edit("two", "2"), edit("four", "4")] });
  expect(await text("a.txt")).toBe("1 2 three 4");
});

test("when one edit of a call fails none applies, and the error says which", async () => {
  const { call, put, text } = await temporaryWorkspace();
  await put("a.txt", "one two");
  const failing = call("edit", { path: "a.txt", edits: [edit("one", "1"), edit("absent", "2")] });
  await expect(failing).rejects.toThrow("edits[1]: old_text was not found");
  expect(await text("a.txt")).toBe("one two");
});

test("UTF-16 and the file's mode are kept", async () => {
  const { call, put, root, workspace } = await temporaryWorkspace();
  await put("wide.sh", Buffer.from("\ufeffecho grün\n", "utf16le"));
  await chmod(join(root, "wide.sh"), 0o755);
  await call("edit", { path: "wide.sh", edits: [edit("grün", "blau")] });
  expect(Buffer.from(await workspace.readFile("wide.sh"))).toEqual(
    Buffer.from("\ufeffecho blau\n", "utf16le"),
  );
  expect((await stat(join(root, "wide.sh"))).mode & 0o777).toBe(0o755);
});

test("a file that changed since it was read is refused until it is read again", async () => {
  const { call, put, root, text } = await temporaryWorkspace();
  await put("a.txt", "one\n");
  await call("read", { path: "a.txt" });
  await writeFile(join(root, "a.txt"), "one\nsomebody else's\n");
  const change = { path: "a.txt", edits: [edit("one", "1")] };
  await expect(call("edit", change)).rejects.toMatchObject({ code: "file.changed", hint: "Read it again." });
  await call("read", { path: "a.txt" });
  await call("edit", change);
  expect(await text("a.txt")).toBe("1\nsomebody else's\n");
});

test("a file that is no text is refused", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("latin.txt", Buffer.from("gr\xfcn\n", "latin1"));
  const failing = call("edit", { path: "latin.txt", edits: [edit("gr", "x")] });
  await expect(failing).rejects.toMatchObject({ code: "file.not_text" });
});

test("the details hold a git-style diff with its counts", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("src/a.ts", "one\ntwo\nthree\n");
  const { details } = await call("edit", { path: "src/a.ts", edits: [edit("two\n", "2\n2b\n")] });
  expect(details).toEqual({
    summary: "+2 -1",
    diff: {
      path: "src/a.ts",
      patch: "--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1,3 +1,4 @@\n one\n-two\n+2\n+2b\n three\n",
      added: 2,
      removed: 1,
    },
  });
});

test("a tolerant match is told to the model", async () => {
  const { call, put, text } = await temporaryWorkspace();
  await put("a.md", "It’s “fine”.\n");
  const output = await call("edit", { path: "a.md", edits: [edit('It\'s "fine".', 'It\'s "good".')] });
  expect(shown(output)).toContain("ignoring differences of typographic characters");
  expect(await text("a.md")).toBe("It’s “good”.\n");
});

test.each([
  [{ file_path: "a.txt", old_string: "one", new_string: "1" }],
  [{ path: "a.txt", oldText: "one", newText: "1" }],
  [{ path: "a.txt", edits: [{ oldText: "one", newText: "1", replaceAll: "true" }] }],
  [{ path: "a.txt", edits: JSON.stringify([edit("one", "1")]) }],
  [{ path: "a.txt", edits: edit("one", "1") }],
])("the foreign form %j is understood", async (args) => {
  const { call, put, text } = await temporaryWorkspace();
  await put("a.txt", "one");
  await call("edit", args);
  expect(await text("a.txt")).toBe("1");
});

test.each([
  [{ edits: [edit("a", "b")] }, "`path` is required"],
  [{ path: "a.txt" }, "`edits` is required"],
  [{ path: "a.txt", edits: [{ old_text: "a" }] }, "`edits[0].new_text` is required"],
  [{ path: "a.txt", edits: [{ old_text: ["a"], new_text: "b" }] }, "`edits[0].old_text` must be text"],
])("A-065: %j names the field that is wrong", async (args, message) => {
  const { call } = await temporaryWorkspace();
  await expect(call("edit", args)).rejects.toThrow(message);
});
