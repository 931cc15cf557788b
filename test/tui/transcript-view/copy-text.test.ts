import fc from "fast-check";
import { expect, it } from "vitest";
import { codeBlocks, copyText } from "../../../src/tui/transcript-view/copy-text.ts";
import { sampleItems, tool } from "../transcript/sample-items.ts";

const assistant = (text: string) => ({ kind: "assistant", id: "a", text, speaker: "" }) as const;

it("property: the code of a fence is copied without a change", () => {
  const line = fc.string({ maxLength: 30 }).filter((text) => !/[\n\r]|^\s*(```|~~~)/.test(text));
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 8 }),
      fc.array(line, { maxLength: 3 }),
      (code, after) => {
        const text = `Look:\n\n\`\`\`ts\n${code.join("\n")}\n\`\`\`\n${after.join("\n")}`;
        expect(codeBlocks(assistant(text))[0]).toBe(code.join("\n"));
      },
    ),
  );
});

it("blocks in lists and quotes lose the indent of their fence, no more; one that is still open counts", () => {
  const text =
    "1. do\n   ```sh\n   npm test\n     --fast\n   ```\n\n> ~~~~\n> quoted\n> ~~~~\n\n```\nopen\n  end";
  expect(codeBlocks(assistant(text))).toEqual(["npm test\n  --fast", "quoted", "open\n  end"]);
  expect(codeBlocks(assistant("no code, ``` in a line"))).toEqual([]);
});

it("of a call its change, else what it said; its code is the command", () => {
  expect(copyText(tool("bash", { command: "ls" }, { output: "a.txt\n" }))).toBe("a.txt\n");
  expect(codeBlocks(tool("bash", { command: "ls -l" }))).toEqual(["ls -l"]);
  const edit = sampleItems.find((item) => item.kind === "tool" && item.details?.diff);
  expect(edit && copyText(edit)).toContain("+  return text.split(/\\r?\\n/);");
});
