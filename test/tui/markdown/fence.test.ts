import { describe, expect, it } from "vitest";
import { closesFence, mayCloseFence, openFence, readFence } from "../../../src/tui/markdown/fence.ts";

describe("openFence", () => {
  it.each([
    ["```", { marker: "```", indent: 0, language: "" }],
    ["  ~~~~ TS title=x", { marker: "~~~~", indent: 2, language: "ts" }],
    ["```js{1,3}", { marker: "```", indent: 0, language: "js" }],
    ["``` a`b", null],
    ["``", null],
    ["    ```", null],
  ])("%j", (line, fence) => expect(openFence(line)).toEqual(fence));
});

describe("closesFence and mayCloseFence", () => {
  const fence = { marker: "```", indent: 0, language: "" };
  it.each([
    ["```", true, true],
    ["`````  ", true, true],
    ["   ```", true, true],
    ["    ```", false, false],
    ["``` x", false, false],
    ["~~~", false, false],
    ["``", false, true],
    ["", false, true],
    ["a", false, false],
  ])("%j", (line, closes, may) => {
    expect(closesFence(line, fence)).toBe(closes);
    expect(mayCloseFence(line, fence)).toBe(may);
  });
});

describe("readFence", () => {
  it("takes the fence's indent off its lines", () => {
    expect(readFence("  ```sh\n  a\n    b\n c\n  ```\n")?.lines).toEqual(["a", "  b", "c"]);
  });

  it("reads one that is not closed", () => {
    expect(readFence("```\na\n\n")?.lines).toEqual(["a", ""]);
  });

  it("is null for other text", () => expect(readFence("    code")).toBeNull());
});
