import { expect, test } from "vitest";
import { branchGuides } from "../../../src/tui/pickers/tree.ts";

const run = (id: string, parent: string | null) => ({ id, parent });

test("runs in a row stand below each other, without a step to the right", () => {
  expect(branchGuides([run("a", null), run("b", "a"), run("c", "b")])).toEqual([[], [], []]);
});

test("where several follow the same run each begins a branch, and what follows them is joined to it", () => {
  const runs = [
    run("a", null),
    run("b", "a"),
    run("c", "b"),
    run("d", "c"),
    run("e", "c"),
    run("f", "a"),
    run("g", "f"),
  ];
  expect(branchGuides(runs)).toEqual([
    [],
    ["fork"],
    ["line"],
    ["line", "fork"],
    ["line", "last"],
    ["last"],
    ["gap"],
  ]);
});

test("first prompts after a move to the start are branches of their own", () => {
  expect(branchGuides([run("a", null), run("b", "a"), run("c", null)])).toEqual([
    ["fork"],
    ["line"],
    ["last"],
  ]);
});
