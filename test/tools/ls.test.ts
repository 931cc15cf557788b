import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shown, temporaryWorkspace } from "./temporary-workspace.ts";

test("folders and links are marked, hidden names are listed", async () => {
  const { call, put, root } = await temporaryWorkspace();
  await put("src/a.ts", "");
  await put(".env", "");
  await symlink("src", join(root, "link"));
  expect(shown(await call("ls", {}))).toBe(".env\nlink@\nsrc/");
  expect(shown(await call("ls", { path: "src" }))).toBe("a.ts");
});

test("a file, an empty and a missing folder are told apart", async () => {
  const { call, put, workspace } = await temporaryWorkspace();
  await put("a.txt", "12345");
  expect(await workspace.stat("none")).toBeNull();
  await expect(call("ls", { path: "a.txt" })).rejects.toThrow("a.txt is a file of 5 bytes.");
  await expect(call("ls", { path: "none" })).rejects.toMatchObject({ code: "file.not_found" });
});

test("a list of more than 500 entries is cut with a notice", async () => {
  const { call, put } = await temporaryWorkspace();
  for (let index = 0; index < 501; index++) await put(`f${index}`, "");
  expect(shown(await call("ls", {}))).toContain("[500 of 501 entries shown.");
});
