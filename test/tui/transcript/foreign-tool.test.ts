import { expect, it } from "vitest";
import { asOurTool } from "../../../src/tui/transcript/foreign-tool.ts";

it.each([
  ["Bash", { command: "ls" }, "bash", { command: "ls" }],
  ["exec_command", { cmd: "ls -l" }, "bash", { command: "ls -l" }],
  ["shell", { command: ["bash", "-lc", "ls | wc"] }, "bash", { command: "ls | wc" }],
  ["shell", { command: ["git", "log"] }, "bash", { command: "git log" }],
  ["local_shell", { command: 7 }, "bash", { command: "" }],
  ["Read", { file_path: "a.ts" }, "read", { path: "a.ts" }],
  ["read_file", { absolute_path: "/a.ts" }, "read", { path: "/a.ts" }],
  ["MultiEdit", { file_path: "a.ts", edits: [] }, "edit", { path: "a.ts" }],
  [
    "apply_patch",
    { input: "*** Begin Patch\n*** Update File: a.ts\n@@\n*** Add File: b.ts\n" },
    "edit",
    { path: "a.ts, b.ts" },
  ],
  ["search_file_content", { pattern: "x", dir_path: "src" }, "grep", { pattern: "x", path: "src" }],
  ["TodoWrite", { todos: [] }, "todo", {}],
])("%s of another agent is shown as one of ours", (name, args, ours, expected) => {
  const shown = asOurTool(name, args);
  expect(shown.name).toBe(ours);
  expect(shown.args).toMatchObject(expected);
});

it("leaves a tool alone that means nothing of ours", () => {
  const args = { query: "x", path: 7 };
  expect(asOurTool("mcp__tracker__search", args)).toEqual({ name: "mcp__tracker__search", args });
});
