import { describe, expect, it } from "vitest";
import { needsTools } from "../../../src/app/routing/needs-tools.ts";

const judge = (text: string, rest: { images?: number; unfinished?: boolean } = {}) =>
  needsTools({ text, images: 0, unfinished: false, ...rest });

describe("a prompt needs tools", () => {
  it.each([
    ["edit README.md to add X", "edit ... README.md"],
    ["run the tests", "run ... tests"],
    ["Please refactor this", "refactor"],
    ["can you commit this?", "commit"],
    ["fix the bug in the parser module", "fix ... module"],
    ["create a new file called a.txt", "create ... a.txt"],
    ["how many files are in this repo?", "repo"],
    ["which files import react?", "which files"],
    ["where is parseX defined in our codebase?", "codebase"],
    ["write tests for the parser", "write tests"],
    ["summarize the changes on this branch", "summarize ... branch"],
    ["show me the diff", "show ... diff"],
    ["Write a function and add it to the module", "Write ... function"],
  ])("by its words: %s", (text, evidence) => {
    expect(judge(text)).toBe(evidence);
  });

  it.each([
    ["修改 src/main.py 文件", "src/main.py"],
    ["bitte ändere ./docs/plan", "./docs/plan"],
    ["qu'est-ce que package.json ?", "package.json"],
    ["C:\\work\\a.txt を読んで", "C:\\work\\a.txt"],
    ["@src/x.ts ?", "@src/x.ts"],
    ["$ npm run build", "$ npm run build"],
    ["git log --oneline", "git log"],
    ["/review all of it", "/review"],
    ["what about this?\n```diff\n-a\n+b\n```", "```diff"],
    ["--- a/x.ts\n+++ b/x.ts", "--- a/x.ts"],
  ])("by its marks, whatever the language: %s", (text, evidence) => {
    expect(judge(text)).toBe(evidence);
  });

  it("for an image", () => {
    expect(judge("what is this?", { images: 1 })).toBe("an image");
  });

  it.each(["go on", "Yes, continue.", "ok", "next step", "继续"])(
    "to go on with what is not done: %s",
    (text) => {
      expect(judge(text, { unfinished: true })).toBe(`${text}: goes on with the work before`);
      expect(judge(text)).toBeNull();
    },
  );
});

describe("a prompt needs none", () => {
  it.each([
    "what is the capital of France?",
    "who are you?",
    "write a haiku about spring",
    "how do I run a marathon?",
    "What is the difference between TCP/IP and UDP?",
    "he/she and/or 1/2 of it 10/12/2024",
    "What is Node.js?",
    "Explain what a closure is in JavaScript",
    'translate "good morning" to Spanish',
    "what is https://example.com/a/b.html about",
    "thanks!",
    "How does git work?",
    "what does git rebase do?",
    "make it shorter",
    "find the derivative of x^2",
    "Fix this sentence: I has a dog",
    "Is Rust faster than Go?",
    "What are unit tests?",
    "How do I write a test in Rust?",
    "email me at joe@example.com",
    "Reply with the single word ok",
    'say "it\'s" so\n$(touch x) $(cat /etc/passwd) `touch y`; *',
    "what does `rm -rf` do?",
    "run 3",
    "What's new in Python 3.13?",
    "explain this:\n```ts\nimport { run } from './src/run.ts';\n```",
    "",
  ])("%s", (text) => {
    expect(judge(text, { unfinished: true })).toBeNull();
  });
});

it("gives the same answer however long the prompt is, in no time", () => {
  expect(judge(`edit this\n${"a+".repeat(500_000)}`)).toBe("edit");
  expect(judge("a/".repeat(500_000))).toBeNull();
  expect(judge(" ".repeat(1_000_000))).toBeNull();
});
