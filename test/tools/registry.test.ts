import { expect, test } from "vitest";
import { joinTools, selectTools } from "../../src/tools/registry.ts";
import { temporaryWorkspace } from "./temporary-workspace.ts";

test("the built-in tools are these, in this order, with these kinds", async () => {
  const { tools } = await temporaryWorkspace();
  expect(tools.map(({ name, kind, readOnly }) => `${name} ${kind}${readOnly ? " parallel" : ""}`)).toEqual([
    "read read parallel",
    "write edit",
    "edit edit",
    "bash execute",
    "grep read parallel",
    "glob read parallel",
    "ls read parallel",
    "git_status read parallel",
    "git_diff read parallel",
    "git_log read parallel",
    "git_show read parallel",
    "git_add execute",
    "git_commit execute",
    "todo read parallel",
  ]);
});

test("what all tools add to a request stays under 5 KB", async () => {
  const { tools } = await temporaryWorkspace();
  const schemas = tools.map(({ name, description, parameters }) => ({ name, description, parameters }));
  expect(JSON.stringify(schemas).length).toBeLessThan(5 * 1024);
});

test("no foreign name is shown to a model", async () => {
  const { tools } = await temporaryWorkspace();
  const text = JSON.stringify(tools.map(({ parameters }) => parameters));
  for (const name of ["file_path", "old_string", "oldText", "cmd"]) expect(text).not.toContain(`"${name}"`);
});

test("two tools of one name are an error that names both sources", async () => {
  const { tools } = await temporaryWorkspace();
  const mine = tools.filter((tool) => tool.name === "read");
  const sources = [
    { source: "the built-in ones", tools },
    { source: "plugin x", tools: mine },
  ];
  expect(() => joinTools(sources)).toThrow(
    "Two tools are named read: one of the built-in ones, one of plugin x.",
  );
  expect(joinTools(sources.slice(0, 1))).toHaveLength(tools.length);
});

test("tools are selected by name, and an unknown name is an error with a near one", async () => {
  const { tools } = await temporaryWorkspace();
  expect(selectTools(tools, ["grep", "read"]).map((tool) => tool.name)).toEqual(["read", "grep"]);
  expect(() => selectTools(tools, ["bahs"])).toThrow("There is no tool named bahs.");
});

test("the paths of a call are given to the gate under any name", async () => {
  const { tools } = await temporaryWorkspace();
  const paths = (name: string, args: Record<string, unknown>) =>
    tools.find((tool) => tool.name === name)?.paths?.(args);
  expect(paths("write", { file_path: "a", content: "" })).toEqual(["a"]);
  expect(paths("grep", { pattern: "x" })).toEqual([]);
});
