import { describe, expect, test } from "vitest";
import { readPrompt, readUri, titleOf } from "../../src/acp/prompt-content.ts";
import type { ContentBlock } from "../../src/acp/wire.ts";

const CWD = "/work/project";
const text = (words: string): ContentBlock => ({ type: "text", text: words });
const link = (uri: string, name = ""): ContentBlock => ({ type: "resource_link", uri, name });

describe("a link becomes", () => {
  test.each([
    ["file:///work/project/src/a.ts", "@src/a.ts"],
    ["file:///work/project/src/a.ts#L10", "@src/a.ts#10-10"],
    ["file:///work/project/src/a.ts#L10-L20", "@src/a.ts#10-20"],
    ["file:///work/project/src/a.ts#L10:20", "@src/a.ts#10-20"],
    ["file:///work/project/my%20notes.md", '@"my notes.md"'],
    ["file:///elsewhere/b.ts", "@/elsewhere/b.ts"],
    ["/work/project/plain.ts", "@plain.ts"],
    ["https://example.org/x", "[x](https://example.org/x)"],
    ["file://host/share/x", "[x](file://host/share/x)"],
    ["file:///a%ZZ", "[x](file:///a%ZZ)"],
  ])("%s: %s", (uri, shown) => {
    expect(readPrompt([text("see "), link(uri, "x")], CWD).text).toBe(`see ${shown}`);
  });
});

test("an embedded text goes along under its name, and its place in the prompt has the name alone", () => {
  const resource = { uri: "file:///work/project/a.py#L1-L2", text: "@mention\n" };
  expect(readPrompt([text("fix "), { type: "resource", resource }], CWD)).toEqual({
    text: "fix `a.py#1-2`",
    attached: [{ name: "a.py#1-2", text: "@mention\n" }],
    images: [],
  });
});

test("an embedded image is an image, other bytes are named and left out", () => {
  const blob = (mimeType: string): ContentBlock => ({
    type: "resource",
    resource: { uri: "zed:///x", mimeType, blob: "AAAA" },
  });
  expect(readPrompt([blob("image/png")], CWD).images).toEqual([
    { type: "image", mimeType: "image/png", data: "AAAA" },
  ]);
  expect(readPrompt([blob("application/zip")], CWD).text).toBe("`zed:///x` (not text: it was not attached)");
});

test("a prompt of an embedded text alone is its name", () => {
  const resource = { uri: "zed:///selection", text: "code" };
  expect(readPrompt([{ type: "resource", resource }], CWD).text).toBe("`zed:///selection`");
});

test.each<[string, ContentBlock[]]>([
  ["nothing", []],
  ["blanks", [text(" \n ")]],
  ["a sound", [{ type: "audio", mimeType: "audio/wav", data: "" }]],
])("%s is refused", (_, blocks) => {
  expect(() => readPrompt(blocks, CWD)).toThrow(expect.objectContaining({ code: "acp.prompt" }));
});

test("an address that is none is no path", () => {
  expect(readUri("file:")).toEqual({ path: "/", lines: "" });
  expect(readUri("relative.ts")).toEqual({ path: null, lines: "" });
});

test("a title is one line of at most eighty characters", () => {
  expect(titleOf("  fix\n\tthis ")).toBe("fix this");
  expect(titleOf("x".repeat(100))).toHaveLength(80);
});
