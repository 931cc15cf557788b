import { describe, expect, test } from "vitest";
import {
  acceptedEdit,
  argumentItems,
  type CommandEntry,
  commandItems,
  completionTarget,
  enterAccepts,
  fileItems,
  splitFileQuery,
} from "../../../src/tui/editor/completion.ts";
import { plainFragment } from "../../../src/tui/editor/fragment.ts";

const COMMANDS: CommandEntry[] = [
  { name: "model", usage: "[vendor/model]", summary: "choose the model" },
  { name: "queue", summary: "what waits" },
  { name: "exit", aliases: ["quit"], summary: "leave" },
];
const target = (marked: string) => {
  const cursor = marked.indexOf("|");
  return completionTarget(plainFragment(marked.replace("|", "")), cursor);
};

const choicesOf = (...values: string[]) => values.map((value) => ({ value, detail: "" }));

describe("what is completed", () => {
  test.each([
    ["/mod|", { kind: "command", query: "mod", range: [0, 4] }],
    ["/|", { kind: "command", query: "", range: [0, 1] }],
    ["/model son|", { kind: "argument", command: "model", query: "son", range: [7, 10] }],
    ["/model |", { kind: "argument", command: "model", query: "", range: [7, 7] }],
    ["see @src/a|", { kind: "file", query: "src/a", range: [4, 10] }],
    ["(@|)", { kind: "file", query: "", range: [1, 2] }],
    ['see @"a b|', { kind: "file", query: "a b", range: [4, 9] }],
    ["/steer look at @x|", { kind: "file", query: "x", range: [15, 17] }],
    ["line\n@x|", { kind: "file", query: "x", range: [5, 7] }],
    ["me@example.org|", null],
    ["/usr/bin|", null],
    ["plain|", null],
    ["text\n/mod|", null],
  ])("%j", (marked, wanted) => {
    expect(target(marked)).toEqual(wanted);
  });
});

describe("items", () => {
  test("commands that begin with the query come first, aliases count", () => {
    expect(commandItems("", COMMANDS).map(({ insert }) => insert)).toEqual(["/model ", "/queue ", "/exit "]);
    expect(commandItems("qu", COMMANDS).map(({ label }) => label)).toEqual(["/queue", "/exit"]);
    expect(commandItems("mdl", COMMANDS).map(({ label }) => label)).toEqual(["/model [vendor/model]"]);
    expect(commandItems("nonsense", COMMANDS)).toEqual([]);
  });

  test("files get their sign, quotes where they need them, and folders stay open", () => {
    expect(fileItems(["a.ts", "src/", "a b.md", "a b/"]).map(({ insert }) => insert)).toEqual([
      "@a.ts ",
      "@src/",
      '@"a b.md" ',
      '@"a b/',
    ]);
  });

  test.each([
    ["", "src/a.ts", "@src/a.ts ", ""],
    ["#", "src/a.ts", "@src/a.ts ", "#10 for a line, #10-40 for lines"],
    ["#10", "src/a.ts", "@src/a.ts#10 ", "line 10"],
    ["#10-", "src/a.ts", "@src/a.ts#10 ", "line 10"],
    ["#L10-L40", "src/a.ts", "@src/a.ts#10-40 ", "lines 10 to 40"],
    ["#10-40", "a b.md", '@"a b.md#10-40" ', "lines 10 to 40"],
  ])("lines %j stay behind the file: %s", (lines, path, insert, detail) => {
    expect(fileItems([path, "src/"], lines)[0]).toMatchObject({ insert, detail });
    expect(splitFileQuery(path + lines)).toEqual({ path, lines });
  });

  test("arguments come with what they are, and are found by it", () => {
    const choices = [
      { value: "ask", detail: "everything asks" },
      { value: "full", detail: "nothing asks" },
      { value: "plan", detail: "" },
    ];
    expect(argumentItems("", choices)).toContainEqual({
      label: "full",
      detail: "nothing asks",
      insert: "full",
    });
    expect(argumentItems("nothing", choices).map(({ label }) => label)).toEqual(["full"]);
  });

  test("arguments are ranked", () => {
    expect(argumentItems("son", choicesOf("opus", "sonnet")).map(({ insert }) => insert)).toEqual(["sonnet"]);
    expect(argumentItems("", choicesOf("opus", "sonnet"))).toHaveLength(2);
  });
});

describe("taking one", () => {
  const list = (marked: string, labels: string[], moved = false) => {
    const found = target(marked);
    if (!found) throw new Error("nothing to complete");
    const items =
      found.kind === "file"
        ? fileItems(labels)
        : found.kind === "command"
          ? commandItems(found.query, COMMANDS)
          : argumentItems(found.query, choicesOf(...labels));
    return { target: found, items, selected: 0, moved };
  };

  test("replaces what was written of it, and makes no second blank", () => {
    expect(acceptedEdit(list("/mo|", []), "/mo")).toEqual({ range: [0, 3], piece: plainFragment("/model ") });
    expect(acceptedEdit(list("@a| b", ["a.ts"]), "@a b")?.piece.text).toBe("@a.ts");
  });

  test.each([
    ["a command half written", "/mo|", [], false, true],
    ["a command in full", "/model|", [], false, false],
    ["an alias in full, though another item is chosen", "/quit|", [], false, false],
    ["a command in full, with another chosen by hand", "/model|", [], true, true],
    ["an argument not begun", "/model |", ["sonnet"], false, false],
    ["an argument half written", "/model son|", ["sonnet"], false, true],
    ["an argument in full", "/model sonnet|", ["sonnet"], false, false],
    ["a file half written", "@read|", ["README.md"], false, true],
    ["a file in full", "@README.md|", ["README.md"], false, false],
  ])("with Enter: %s", (_, marked, labels, moved, accepts) => {
    expect(enterAccepts(list(marked, labels, moved), COMMANDS)).toBe(accepts);
  });
});
