import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shown, temporaryWorkspace } from "./temporary-workspace.ts";

test("A-056: ignored files stay out, and a cut list says so", async () => {
  const { call, put } = await temporaryWorkspace();
  await put(".gitignore", "dist\n");
  for (const path of ["b.js", "a/c.js", "dist/d.js", ".git/e.js", "f.ts"]) await put(path, "");
  expect(shown(await call("glob", { pattern: "**/*.js" }))).toBe("a/c.js\nb.js");
  const cut = shown(await call("glob", { pattern: "**/*.js", limit: 1 }));
  expect(cut).toBe("a/c.js\n[1 of 2 files shown. Narrow the pattern or raise limit.]");
});

test("a pattern counts from path, and what is found is named from the workspace", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("a/b/c.ts", "");
  await put("c.ts", "");
  expect(shown(await call("glob", { pattern: "**/*.ts", path: "a" }))).toBe("a/b/c.ts");
  expect(shown(await call("glob", { pattern: "*.rs" }))).toBe("no files");
});

test("A-057: links to outside are not followed, and patterns cannot leave", async () => {
  const { call, root } = await temporaryWorkspace();
  await symlink("/etc", join(root, "out"));
  expect(shown(await call("glob", { pattern: "**/passwd" }))).toBe("no files");
  for (const pattern of ["../*", "/etc/*", "a/../../*", "{..,a}/*"]) {
    await expect(call("glob", { pattern })).rejects.toMatchObject({ code: "tool.arguments" });
  }
  await expect(call("glob", { pattern: "*", path: "out" })).rejects.toMatchObject({
    code: "workspace.outside",
  });
});
