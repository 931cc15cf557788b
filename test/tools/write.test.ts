import { access, chmod, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shown, temporaryWorkspace } from "./temporary-workspace.ts";

test("A-049: parents are made, and overwriting keeps the mode and leaves no temporary file", async () => {
  const { call, root, text } = await temporaryWorkspace();
  const created = await call("write", { path: "new/deep/f.sh", content: "echo 1\n" });
  expect(shown(created)).toBe("Created new/deep/f.sh (1 lines).");
  await chmod(join(root, "new/deep/f.sh"), 0o750);
  await call("write", { path: "new/deep/f.sh", content: "echo 2\n" });
  expect(await text("new/deep/f.sh")).toBe("echo 2\n");
  expect((await stat(join(root, "new/deep/f.sh"))).mode & 0o777).toBe(0o750);
  expect(await readdir(join(root, "new/deep"))).toEqual(["f.sh"]);
});

test("an existing file that was not read may be replaced, since the model asked for a whole file", async () => {
  const { call, put, text } = await temporaryWorkspace();
  await put("a.txt", "old\n");
  await call("write", { path: "a.txt", content: "new\n" });
  expect(await text("a.txt")).toBe("new\n");
});

test("a file that changed since it was written is not overwritten", async () => {
  const { call, root } = await temporaryWorkspace();
  await call("write", { path: "a.txt", content: "mine\n" });
  await writeFile(join(root, "a.txt"), "theirs\n");
  await expect(call("write", { path: "a.txt", content: "mine\n" })).rejects.toMatchObject({
    code: "file.changed",
  });
});

test("line ends and byte order mark of an existing file are kept", async () => {
  const { call, put, text } = await temporaryWorkspace();
  await put("dos.txt", "\ufeffone\r\ntwo\r\n");
  await call("read", { path: "dos.txt" });
  const { details } = await call("write", { path: "dos.txt", content: "one\nzwei\n" });
  expect(await text("dos.txt")).toBe("\ufeffone\r\nzwei\r\n");
  expect(details?.diff).toMatchObject({ added: 1, removed: 1 });
});

test("A-057: nothing is written outside, not even through a link whose target does not exist yet", async () => {
  const { call, root, base } = await temporaryWorkspace();
  await symlink(join(base, "not-there.txt"), join(root, "dangling.txt"));
  await symlink(base, join(root, "up"));
  for (const path of ["../x", "dangling.txt", "up/x", "up/deep/x", "/tmp/hearth-x", "sub/../../x"]) {
    const failing = call("write", { path, content: "x" });
    await expect(failing, path).rejects.toMatchObject({ code: "workspace.outside" });
  }
  expect((await readdir(base)).sort()).toEqual(["output", "work"]);
  await expect(access("/tmp/hearth-x")).rejects.toThrow();
});

test("a folder in the way is an error", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("dir/file", "x");
  await expect(call("write", { path: "dir", content: "x" })).rejects.toMatchObject({
    code: "file.is_folder",
  });
  await expect(call("write", { path: "dir/file/below", content: "x" })).rejects.toThrow("dir/file/below");
});
