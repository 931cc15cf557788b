import { describe, expect, it } from "vitest";
import { gateTool, nameTool, theirInput } from "../../../src/runtimes/claude-code/tool-view.ts";

const CWD = "/repo";

/** Its name and input, ours after them. */
const ROWS = [
  ["Bash", { command: "ls", run_in_background: true }, "bash", { command: "ls", background: true }],
  ["Read", { file_path: "/repo/src/a.ts", offset: 3 }, "read", { path: "src/a.ts", offset: 3 }],
  ["Read", { file_path: "/etc/hosts" }, "read", { path: "/etc/hosts" }],
  ["Write", { file_path: "a.txt", content: "x" }, "write", { path: "a.txt", content: "x" }],
  [
    "Edit",
    { file_path: "a.txt", old_string: "a", new_string: "b", replace_all: true },
    "edit",
    { path: "a.txt", edits: [{ old_text: "a", new_text: "b", replace_all: true }] },
  ],
  [
    "MultiEdit",
    {
      file_path: "a.txt",
      edits: [
        { old_string: "a", new_string: "b" },
        { old_string: "c", new_string: "" },
      ],
    },
    "edit",
    {
      path: "a.txt",
      edits: [
        { old_text: "a", new_text: "b" },
        { old_text: "c", new_text: "" },
      ],
    },
  ],
  [
    "NotebookEdit",
    { notebook_path: "n.ipynb", new_source: "x" },
    "edit",
    { path: "n.ipynb", new_source: "x" },
  ],
  [
    "Grep",
    { pattern: "x", "-i": true, head_limit: 5 },
    "grep",
    { pattern: "x", ignore_case: true, limit: 5 },
  ],
  ["Glob", { pattern: "*.ts", path: "/repo/src" }, "glob", { pattern: "*.ts", path: "src" }],
  ["WebFetch", { url: "https://x" }, "WebFetch", { url: "https://x" }],
  ["run_shell_command", { command: "ls" }, "bash", { command: "ls" }],
  ["read_file", { absolute_path: "/repo/a" }, "read", { path: "a" }],
] as const;

describe("tools of Claude Code in our words", () => {
  it.each(ROWS)("%s %o is our %s", (name, input, ours, args) => {
    expect(nameTool(name, input, CWD)).toEqual({ name: ours, arguments: args });
  });

  it.each(ROWS.filter(([, input]) => !JSON.stringify(input).includes("/repo")))(
    "%s %o comes back as it went",
    (name, input, _, args) => {
      expect(theirInput(name, args, input)).toEqual(input);
    },
  );

  it("several replacements have no words in a tool that makes one", () => {
    const edits = [
      { old_text: "a", new_text: "b" },
      { old_text: "c", new_text: "d" },
    ];
    const input = { file_path: "a.txt", old_string: "a", new_string: "b" };
    expect(theirInput("Edit", { path: "a.txt", edits }, input)).toBeNull();
  });

  it.each([
    ["Read", { readOnly: true, kind: "read" }, ["a"]],
    ["Grep", { readOnly: true, kind: "read" }, ["a"]],
    ["Write", { readOnly: false, kind: "edit" }, ["a"]],
    ["TodoWrite", { readOnly: true, kind: "read" }, undefined],
    ["TaskUpdate", { readOnly: true, kind: "read" }, undefined],
  ])("%s is judged by what it does", (name, expected, paths) => {
    const tool = gateTool(name);
    expect(tool).toMatchObject(expected);
    expect(tool?.paths?.({ path: "a" })).toEqual(paths);
  });

  it.each(["Bash", "WebFetch", "mcp__db__query"])("%s is judged by its name and words", (name) => {
    expect(gateTool(name)).toBeNull();
  });

  it("a name that a model service would refuse is made one that it takes", () => {
    expect(nameTool("mcp__a.b__c d", {}, CWD).name).toBe("mcp__a_b__c_d");
  });
});

it("a call that names two files is told by the one that its tool takes", () => {
  const input = { file_path: "/etc/hosts", path: "a.txt", content: "" };
  expect(nameTool("Write", input, CWD).arguments.path).toBe("/etc/hosts");
});

it("a tool may have the name of what every object has", () => {
  expect(nameTool("constructor", {}, CWD)).toEqual({ name: "constructor", arguments: {} });
  expect(gateTool("toString")).toBeNull();
});
