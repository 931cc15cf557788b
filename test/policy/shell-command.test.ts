import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseShellLine } from "../../src/policy/shell-command.ts";
import { corpus, hasCorpora } from "./corpus.ts";

async function commandsOf(line: string): Promise<(string | null)[][]> {
  const { commands } = await parseShellLine(line);
  return commands.map(({ argv }) => [...argv]);
}

describe("words", () => {
  it.each<[string, (string | null)[]]>([
    ["npm test", ["npm", "test"]],
    [`echo 'a b' "c d" e\\ f`, ["echo", "a b", "c d", "e f"]],
    [`echo '/usr'"/"'local'/bin`, ["echo", "/usr/local/bin"]],
    [`echo "a\\"b\\$c\\n"`, ["echo", 'a"b$c\\n']],
    [`echo $'a\\tb\\x41\\'c'`, ["echo", "a\tbA'c"]],
    ["echo $HOME", ["echo", null]],
    [`echo "$HOME/x"`, ["echo", null]],
    ["ls *.ts ? [ab]", ["ls", null, null, null]],
    ["ls {a,b} {1..3} {a}", ["ls", null, null, "{a}"]],
    [`grep '*' "?" \\*`, ["grep", "*", "?", "*"]],
    ["\\rm -rf x", ["rm", "-rf", "x"]],
    ["r''m x", ["rm", "x"]],
    ["test a == b", ["test", "a", "==", "b"]],
    ["git checkout 2>log -- file", ["git", "checkout", "--", "file"]],
    [">out rm -rf y", ["rm", "-rf", "y"]],
  ])("%s", async (line, argv) => {
    expect((await commandsOf(line))[0]).toEqual(argv);
  });

  it("keeps variables set before a command", async () => {
    const { commands } = await parseShellLine("A=1 B='x y' C=$D npm test");
    expect(commands[0]?.assignments).toEqual([
      { name: "A", value: "1" },
      { name: "B", value: "x y" },
      { name: "C", value: null },
    ]);
  });
});

describe("every command is found", () => {
  it.each<[string, string[]]>([
    ["a && b || c; d | e & f", ["a", "b", "c", "d", "e", "f"]],
    ["echo $(a `b`) <(c) >(d)", ["echo", "a", "b", "c", "d"]],
    ["if a; then b; else c; fi; while d; do e; done; for x in $(f); do g; done", [..."abcdefg"]],
    ["f() { a; }; (b; { c; })", ["a", "b", "c"]],
    ["cat <<E\n$(a)\nE", ["cat", "a"]],
    ["echo $((1 + $(a))) ${x:-$(b)}", ["echo", "a", "b"]],
    ["case $x in 1) a;; *) b;; esac", ["a", "b"]],
    ["x=$(a)", ["", "a"]],
    ["a > $(b)", ["a", "b"]],
    ["a\nb # c\nd", ["a", "b", "d"]],
    ["cat <<E && a\nb\nE\nc", ["cat", "a", "c"]],
    ["cat <<'E'\n$(a) `b`\nE\nc", ["cat", "c"]],
    ['echo "a`b`c $(d "$(e)")"', ["echo", "b", "d", "e"]],
    ["[[ x =~ $(a) ]]; (( x = $(b) )); x[$(c)]=1; y=($(d))", ["", "", "a", "b", "c", "d"]],
    ["echo '\\'; a; echo \\'; b", ["echo", "a", "echo", "b"]],
  ])("%s", async (line, names) => {
    const found = await commandsOf(line);
    expect(found.map(([name]) => name ?? "").sort()).toEqual([...names].sort());
  });
});

describe("wrappers are opened", () => {
  it.each<[string, (string | null)[]]>([
    ["sudo -u root -- rm x", ["rm", "x"]],
    ["sudo -nu root rm x", ["rm", "x"]],
    ["doas rm x", ["rm", "x"]],
    ["env -i A=1 rm x", ["rm", "x"]],
    ["env -S 'rm x'", ["rm", "x"]],
    ["nice -n 5 nohup time rm x", ["rm", "x"]],
    ["timeout -s KILL 10 rm x", ["rm", "x"]],
    ["command -p rm x", ["rm", "x"]],
    ["exec -a name rm x", ["rm", "x"]],
    ["busybox rm x", ["rm", "x"]],
    ["bash -lc 'rm x'", ["rm", "x"]],
    [`sh -c "bash -c 'rm x'"`, ["rm", "x"]],
    ["bash -o pipefail -c 'rm x'", ["rm", "x"]],
    ["bash <<'E'\nrm x\nE", ["rm", "x"]],
    ["bash <<< 'rm x'", ["rm", "x"]],
    ["eval rm x", ["rm", "x"]],
    ["watch -n1 rm x", ["rm", "x"]],
    ["trap 'rm x' EXIT", ["rm", "x"]],
    ["xargs -0 -n1 rm", ["rm", null]],
    ["xargs -I{} rm a/{} b", ["rm", null, "b", null]],
    ["find . -exec rm {} \\; -print", ["rm", null]],
    ["find . -execdir rm -f {} +", ["rm", "-f", null]],
    ["parallel rm ::: a b", ["rm", null]],
    ["parallel ::: 'rm x'", ["rm", "x"]],
    ["sh -c ls", ["ls"]],
  ])("%s", async (line, argv) => {
    expect(await commandsOf(line)).toContainEqual(argv);
  });
});

describe("what the text does not show is unclear", () => {
  it.each([
    "$cmd x",
    `"$W"`,
    `bash -c "$W"`,
    `eval "$x"`,
    "echo rm | sh",
    "bash <<E\n$x\nE",
    "echo 'open",
    "if then rm x",
    "&& ls",
    "ls ;; pwd",
    "cat <<'EOF'\nno end",
    `echo "\${x@P}"`,
    "echo ${!x}",
    "echo `a \\`b\\``",
    "r\\\nm x",
    "echo \\ x",
    "ls \u000b-la",
    "ls\r\nrm x",
    "parallel",
    "xargs sh -c",
    "cat <<A <<B ; c\na\nA\nb\nB\nd",
    "cat <<E\n`rm x`\nE",
    "cat <<E\n\\\nE\nrm x\nE",
    'echo "${x:-`rm x`}"',
    'echo "${x:-\'}"; rm x; echo "\'}"',
    "test -v 'a[$(rm x)]'",
    "[[ 'a[$(rm x)]' -eq 1 ]]",
    "time { rm x; }",
    "coproc N { rm x; }",
    "eval eval eval eval eval eval eval eval eval eval eval eval 'ls'",
  ])("%j", async (line) => {
    const { unclear, commands } = await parseShellLine(line);
    expect(unclear).not.toEqual([]);
    expect(commands.some(({ argv }) => argv[0] === null)).toBe(true);
  });
});

it("does not read lines beyond 64 KB that need the grammar", async () => {
  const { unclear } = await parseShellLine(`echo '${"x".repeat(70_000)}'`);
  expect(unclear).toEqual(["the line is too long"]);
});

describe("redirections", () => {
  it.each<[string, { path: string | null; writes: boolean }[]]>([
    [
      "a > b 2>> c < d",
      [
        { path: "b", writes: true },
        { path: "c", writes: true },
        { path: "d", writes: false },
      ],
    ],
    ["a &> b", [{ path: "b", writes: true }]],
    ["a 2>&1 >&2 3<&0", []],
    ["a > $x", [{ path: null, writes: true }]],
    ["{ a; b; } > c", [{ path: "c", writes: true }]],
    ["> c", [{ path: "c", writes: true }]],
    ["bash -c 'a > b'", [{ path: "b", writes: true }]],
    ["echo 'a > b'", []],
  ])("%s", async (line, redirects) => {
    expect((await parseShellLine(line)).redirects).toEqual(redirects);
  });
});

describe("properties", () => {
  it("never throws, and says so where a line is unclear", async () => {
    const line = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.string({ unit: fc.constantFrom(..."ab $(){}[]<>|&;`'\"\\\n#*!=-~/0"), maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(line, async (text) => {
        const { commands, unclear } = await parseShellLine(text);
        expect(commands.some(({ argv }) => argv[0] === null)).toBe(unclear.length > 0);
      }),
      { numRuns: 500 },
    );
  });

  it("reads a line of plain words as its words, with and without the grammar", async () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9_./:,@%+-]{0,8}$/);
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 5 }), async (words) => {
        const quick = await parseShellLine(`program ${words.join(" ")}`);
        const full = await parseShellLine(`'program' ${words.join(" ")}`);
        expect(quick.commands[0]?.argv).toEqual(["program", ...words]);
        expect(full.commands[0]?.argv).toEqual(quick.commands[0]?.argv);
      }),
      { numRuns: 200 },
    );
  });

  it("takes a quoted word for itself, whatever it holds", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme-ascii", maxLength: 20 }), async (text) => {
        const quoted = `'${text.replaceAll("'", "'\\''")}'`;
        expect((await parseShellLine(`echo ${quoted}`)).commands[0]?.argv).toEqual(["echo", text]);
      }),
      { numRuns: 300 },
    );
  });
});

type TreeRow = { id: string; script: string; node_counts: { command?: number } };
type PlainRow = { script: string; expected_argv: string[][] | null };
type SplitRow = { fn: string; input: string; matcher: string; expected: unknown };

describe.runIf(hasCorpora)("corpora bash-parsing", () => {
  const scripts = corpus<TreeRow>("bash-parsing/tree-sitter-bash");
  it(`finds every command in ${scripts.length} scripts`, async () => {
    const missed = [];
    for (const { id, script, node_counts } of scripts) {
      const found = (await commandsOf(script)).filter((argv) => argv.length > 0).length;
      if (found < (node_counts.command ?? 0)) missed.push(id);
    }
    expect(missed).toEqual([]);
  });

  const real = corpus<{ command: string }>("bash-parsing/real-agent-commands");
  it(`understands ${real.length} commands that an agent ran`, async () => {
    const unclear = [];
    for (const { command } of real) {
      if ((await parseShellLine(command)).unclear.length > 0) unclear.push(command);
    }
    expect(unclear).toEqual([]);
  });

  const plain = corpus<PlainRow>("bash-parsing/plain-commands");
  it(`tells plain lists of words from others in ${plain.length} scripts`, async () => {
    for (const { script, expected_argv } of plain) {
      const line = await parseShellLine(script);
      const argv = line.plain && line.unclear.length === 0 ? line.commands.map((each) => each.argv) : null;
      expect(argv, script).toEqual(expected_argv);
    }
  });

  // Left out: extractPatternsFromCommand (suggests prefixes, we store exact lines), normalizeCommand (names only),
  // stripShellWrapper and splitCommands (give text back, we give words; their PowerShell and cmd.exe rows are
  // not POSIX).
  const roots = corpus<SplitRow>("bash-parsing/command-splitting");
  const named = roots.filter(({ fn }) => fn === "getCommandRoots");
  it(`finds the programs of ${named.length} lines`, async () => {
    for (const { input, expected } of named) {
      const found = (await commandsOf(input)).map(([name]) => name);
      expect(found.toSorted(), input).toEqual((expected as string[]).toSorted());
    }
  });

  const wrapped = roots.filter(
    ({ fn, input }) => fn === "stripShellWrapper" && /^\s*(?:ba|z)?sh /.test(input),
  );
  it(`opens the shell in ${wrapped.length} lines`, async () => {
    for (const { input, expected } of wrapped) {
      const inner = await commandsOf(String(expected));
      expect((await commandsOf(input)).slice(1), input).toEqual(inner);
    }
  });
});

it.runIf(!hasCorpora)("has no corpora here: the bash-parsing cases did not run", () => {
  expect(hasCorpora).toBe(false);
});
