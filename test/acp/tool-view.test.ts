import { describe, expect, test } from "vitest";
import { resultContent, toolKind, toolLocations, toolTitle } from "../../src/acp/tool-view.ts";
import { createLocalWorkspace } from "../../src/sandbox/local.ts";
import { createTools } from "../../src/tools/registry.ts";
import { createToolState } from "../../src/tools/tool-context.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describe("a call is called", () => {
  test.each<[string, Record<string, unknown>, string]>([
    ["bash", { command: "npm\n  test" }, "npm test"],
    ["read", { path: "a.ts" }, "Read a.ts"],
    ["read", { path: "a.ts", offset: 10, limit: 5 }, "Read a.ts:10-14"],
    ["grep", { pattern: "x", path: "src" }, "Search x in src"],
    ["ls", {}, "List ."],
    ["mcp__github__create_issue", { title: "Bug" }, "create_issue (github) Bug"],
    ["web_thing", { url: "https://x" }, "web thing https://x"],
    ["bash", { command: "x".repeat(500) }, `${"x".repeat(199)}…`],
    ["edit", {}, "Edit"],
  ])("%s %j: %s", (name, args, title) => {
    expect(toolTitle(name, args)).toBe(title);
  });
});

test("every tool of ours has a kind of its own", async () => {
  const root = await temporaryFolder();
  const workspace = await createLocalWorkspace({ root, env: {}, tempDir: `${root}/out` });
  const tools = createTools({ workspace, state: createToolState(), outputDir: root, env: {} });
  expect(tools.filter(({ name }) => toolKind(name) === "other").map(({ name }) => name)).toEqual([]);
});

test("places are absolute, with the line where it is known", () => {
  expect(toolLocations({ path: "a.ts", offset: 7 }, "/repo")).toEqual([{ path: "/repo/a.ts", line: 7 }]);
  expect(toolLocations({ path: "/a.ts" }, "/repo")).toEqual([{ path: "/a.ts" }]);
  expect(toolLocations({ command: "ls" }, "/repo")).toEqual([]);
});

const said = (text: string) => [{ type: "text" as const, text }];
const none = { details: undefined, terminalId: undefined };

test("output stands in a fence that nothing inside can end", () => {
  const { content } = resultContent(
    { name: "read", isError: false, content: said("```js\ncode\n```\n"), ...none },
    "/",
  );
  expect(content).toEqual([
    { type: "content", content: { type: "text", text: "````\n```js\ncode\n```\n````" } },
  ]);
});

test("what was refused or failed is said in words", () => {
  const refused = { name: "bash", isError: true, content: said("Not run."), terminalId: undefined };
  const words = [{ type: "content", content: { type: "text", text: "Not run." } }];
  expect(resultContent({ ...refused, details: { denial: "user" } }, "/").content).toEqual(words);
  expect(resultContent({ ...refused, name: "read", details: {} }, "/").content).toEqual(words);
});

test("images of a result are shown", () => {
  const image = { type: "image" as const, mimeType: "image/png", data: "AAAA" };
  expect(resultContent({ name: "read", isError: false, content: [image], ...none }, "/").content).toEqual([
    { type: "content", content: image },
  ]);
});
