import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expandTemplate, readTemplates, splitArguments } from "../../src/context/prompt-templates.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describe("a template with arguments", () => {
  it.each([
    ["Review $1 for $2", "a.ts bugs", "Review a.ts for bugs"],
    ["Review $1 for ${2:-bugs}", "a.ts", "Review a.ts for bugs"],
    ["Say $@!", "one 'two three'", "Say one two three!"],
    ["Do: $ARGUMENTS", "a  b", "Do: a b"],
    ["${ARGUMENTS:-all of it}", "", "all of it"],
    ["$1 then ${@:2}", "a b c", "a then b c"],
    ["${@:2:1}|${@:3}", "a b c d", "b|c d"],
    ["It costs \\$1 and $100", "x", "It costs $1 and $100\n\nx"],
    ["echo ${HOME} $PATH $ARGUMENTSX", "", "echo ${HOME} $PATH $ARGUMENTSX"],
    ["No place", "but words", "No place\n\nbut words"],
    ["No place", "", "No place"],
    ["[$3]", "a b", "[]"],
    ["$1", "'$2 ${@:1} `rm -rf` $(x)' y", "$2 ${@:1} `rm -rf` $(x)"],
    ["$10 and ${12}", "a b c d e f g h i j k l", "j and l"],
  ])("%j with %j is %j", (body, written, expanded) => {
    expect(expandTemplate({ body }, written)).toBe(expanded);
  });

  it.each([
    ["a b\tc\nd", ["a", "b", "c", "d"]],
    [`"a b" 'c d' e\\ f`, ["a b", "c d", "e f"]],
    [`say"ing it"now`, ["saying itnow"]],
    [`"a \\"quoted\\" word" it's`, ['a "quoted" word', "it's"]],
    [`"never closed`, ['"never', "closed"]],
    ["", []],
    ["'' x", ["", "x"]],
  ])("parts %j into %j", (text, words) => {
    expect(splitArguments(text)).toEqual(words);
  });
});

describe("templates in folders", () => {
  it("have names, hints and descriptions; the project's stands for the user's of that name", async () => {
    const folder = await temporaryFolder();
    const [user, project] = [join(folder, "user"), join(folder, "project")];
    await Promise.all([mkdir(user), mkdir(project)]);
    const write = (dir: string, name: string, text: string) => writeFile(join(dir, name), text);
    await Promise.all([
      write(user, "review.md", "---\ndescription: Mine\n---\nmine"),
      write(user, "commit.md", "# Commit it\n\nWrite a message for $1"),
      write(user, "model.md", "not this"),
      write(user, "bad name.md", "x"),
      write(user, "empty.md", "---\ndescription: x\n---\n"),
      write(user, "notes.txt", "x"),
      write(user, "huge.md", "x".repeat(70_000)),
      write(project, "review.md", "---\ndescription: Theirs\nargument-hint: [file] [what]\n---\ntheirs"),
    ]);
    const folders = [
      { dir: user, source: "user" as const },
      { dir: project, source: "project" as const },
      { dir: join(folder, "missing"), source: "project" as const },
    ];
    const { templates, problems } = await readTemplates(folders, (name) => name === "model");
    expect(templates.map(({ path: _path, ...rest }) => rest)).toEqual([
      {
        name: "commit",
        description: "Commit it",
        argumentHint: "[arguments]",
        source: "user",
        body: "# Commit it\n\nWrite a message for $1",
      },
      {
        name: "review",
        description: "Theirs",
        argumentHint: "[file] [what]",
        source: "project",
        body: "theirs",
      },
    ]);
    expect(problems.join("\n")).toMatch(/bad name\.md is left out/);
    expect(problems.join("\n")).toMatch(/huge\.md is left out: it is over 64 KB/);
    expect(problems).toContainEqual(
      expect.stringMatching(/model\.md is left out: \/model is a command of Hearth's own/),
    );
    expect(problems).toContainEqual(expect.stringMatching(/empty\.md is left out: it is empty/));
  });
});
