import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseNormal, parseVisual } from "../../../src/tui/editor/vim/grammar.ts";

const DOCUMENT = readFileSync("docs/vim.md", "utf8");

test("every command that the document names is one", () => {
  const rows = DOCUMENT.split("\n").filter((row) => row.startsWith("| ") && !row.startsWith("| what"));
  const commands = rows.flatMap((row) =>
    [...row.matchAll(/`` (`\S) ``|`([^`\s]+)`/g)].map(([, quoted, plain]) =>
      (quoted ?? plain ?? "").replace("\\|", "|"),
    ),
  );
  expect(commands.length).toBeGreaterThan(100);
  const unknown = commands.filter((command) => {
    if (command === "vim_block") return false;
    const readings = [
      parseNormal([...command]),
      parseVisual([...command]),
      parseNormal([...command], { recording: true }),
    ];
    return !readings.some((parsed) => parsed !== null && parsed !== "more");
  });
  expect(unknown).toEqual([]);
});
