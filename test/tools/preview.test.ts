import { expect, test } from "vitest";
import { temporaryWorkspace } from "./temporary-workspace.ts";

async function setUp() {
  const { tools, ...workspace } = await temporaryWorkspace();
  const preview = (name: string, args: Record<string, unknown>) =>
    tools.find((tool) => tool.name === name)?.preview?.(args);
  return { ...workspace, preview };
}

test("the preview of an edit is the diff it would make, and the file stays as it is", async () => {
  const { preview, put, text } = await setUp();
  await put("a.txt", "one\ntwo\n");
  const edits = [{ old_text: "two", new_text: "2" }];
  expect(await preview("edit", { path: "a.txt", edits })).toContain("-two\n+2");
  expect(await text("a.txt")).toBe("one\ntwo\n");
});

test("the preview of a write shows a new file whole", async () => {
  const { preview } = await setUp();
  expect(await preview("write", { path: "new.txt", content: "a\n" })).toContain("--- /dev/null");
});

test("a call that cannot work, or changes no file itself, has no preview", async () => {
  const { preview } = await setUp();
  expect(
    await preview("edit", { path: "none.txt", edits: [{ old_text: "a", new_text: "b" }] }),
  ).toBeUndefined();
  expect(await preview("bash", { command: "ls" })).toBeUndefined();
});
