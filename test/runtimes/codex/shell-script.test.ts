import { expect, it } from "vitest";
import { typedCommand } from "../../../src/runtimes/codex/shell-script.ts";

it.each([
  ["/bin/bash -lc 'touch a.txt'", "touch a.txt"],
  ["/bin/bash -lc ls", "ls"],
  ["bash -c 'a; b'", "a; b"],
  ["/usr/bin/zsh -lc \"echo 'hi'\"", "echo 'hi'"],
  [`/bin/bash -lc 'it'"'"'s'`, "it's"],
  [String.raw`/bin/bash -lc "say \"\$HOME\" \\ now"`, String.raw`say "$HOME" \ now`],
  ["/bin/bash -lc 'one\ntwo'", "one\ntwo"],
  ["/bin/bash -lc ''", ""],
])("%s is what a person types as %s", (command, typed) => {
  expect(typedCommand(command)).toBe(typed);
});

it.each([
  "git status",
  "/bin/bash script.sh",
  "/bin/bash -lc 'a' b",
  "/bin/bash -lc 'not ended",
  "",
  "python -c 'x'",
])("%j is no wrapping and stays", (command) => {
  expect(typedCommand(command)).toBe(command);
});
