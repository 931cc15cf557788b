// The house rules that a machine can check: who may import whom (ARCHITECTURE.md's table as data), and no cycles.
// Type-only and dynamic imports count like any other.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../../src", import.meta.url));

const BASE = ["protocol", "lib"];

/** Each folder of src and the folders it may import beside itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  protocol: ["lib"],
  config: BASE,
  providers: BASE,
  session: BASE,
  sandbox: BASE,
  context: BASE,
  mcp: BASE,
  mux: BASE,
  tools: ["sandbox", ...BASE],
  policy: BASE,
  agent: BASE,
  runtimes: [
    "agent",
    "providers",
    "tools",
    "policy",
    "session",
    "sandbox",
    "context",
    "mcp",
    "config",
    "mux",
    ...BASE,
  ],
  app: ["runtimes", "session", "context", "config", "providers", "mux", ...BASE],
  tui: ["app", ...BASE],
  print: ["app", ...BASE],
  server: ["app", ...BASE],
  acp: ["app", ...BASE],
  cli: ["tui", "print", "server", "acp", "app", "config", "mux", ...BASE],
};

/** Folders of which others may import one file alone: the interface. */
const INTERFACES: Readonly<Record<string, string>> = { "tools>sandbox": "sandbox/workspace.ts" };

/** Packages with an effect, and the only places that may load them. */
const EFFECTS: readonly (readonly [packages: RegExp, homes: RegExp])[] = [
  [/^(node:child_process|execa)$/, /^(lib|mux)\//],
  [/^@lydell\/node-pty$/, /^(lib|mux\/pty)\//],
  [/^@xterm\//, /^mux\/screen\//],
  [/^commander$/, /^cli\//],
  [/^(ink|react)(\/|$)/, /^tui\//],
  [/^(openai|@anthropic-ai\/sdk|@google\/genai)(\/|$)/, /^providers\//],
];

/** Files beside src that a folder may import. */
const OUTSIDE: Readonly<Record<string, RegExp>> = { tui: /^\.\.\/themes\/[a-z0-9-]+\.json$/ };

type Edge = { from: string; to: string };

const FILES = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file))
  .toSorted();

const IMPORTS = FILES.flatMap((from) => specifiersOf(from).map((specifier) => ({ from, specifier })));

/** Endings tell our own modules from those of example programs that src holds as text; the compiler wants them. */
const EDGES: readonly Edge[] = IMPORTS.filter(({ specifier }) => /^\..*\.(tsx?|json)$/.test(specifier)).map(
  ({ from, specifier }) => ({ from, to: relative(SRC, join(SRC, dirname(from), specifier)) }),
);

/** What a file imports, in any way: from, bare, dynamic, type. The formatter keeps statements at line starts. */
function specifiersOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), "utf8");
  const statement = /^(?:import|export)\s(?:[^"'`;]*?\sfrom\s*)?["']([^"']+)["']/gm;
  const dynamic = /\bimport\(\s*["']([^"']+)["']/g;
  return [statement, dynamic].flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => match[1] ?? ""),
  );
}

function folderOf(file: string): string {
  return file.split("/")[0] ?? "";
}

function isAllowed({ from, to }: Edge): boolean {
  const [importer, imported] = [folderOf(from), folderOf(to)];
  if (importer === imported) return true;
  if (imported === "..") return OUTSIDE[importer]?.test(to) === true;
  const only = INTERFACES[`${importer}>${imported}`];
  if (only !== undefined && to !== only) return false;
  return ALLOWED[importer]?.includes(imported) === true;
}

/** Files on a way from a file back to itself, one way each. */
function cyclesOf(edges: readonly Edge[]): string[] {
  const targets = Map.groupBy(edges, ({ from }) => from);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) cycles.push([...way.slice(at), file].join(" > "));
    if (at >= 0 || done.has(file)) return;
    for (const { to } of targets.get(file) ?? []) visit(to, [...way, file]);
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return cycles;
}

describe(`imports of ${FILES.length} files`, () => {
  test("every import of another folder is in the table", () => {
    const wrong = EDGES.filter((edge) => !isAllowed(edge));
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  test("every folder of src is a row of the table", () => {
    expect(FILES.map(folderOf).filter((folder) => folder !== "index.ts" && !(folder in ALLOWED))).toEqual([]);
  });

  test("nothing in src imports the public surface", () => {
    expect(EDGES.filter(({ to }) => to === "index.ts")).toEqual([]);
  });

  test("there is no cycle between files", () => {
    expect(cyclesOf(EDGES)).toEqual([]);
  });

  test("each effect has one home", () => {
    const wrong = IMPORTS.filter(({ from, specifier }) =>
      EFFECTS.some(([packages, homes]) => packages.test(specifier) && !homes.test(from)),
    );
    expect(wrong.map(({ from, specifier }) => `${from} -> ${specifier}`)).toEqual([]);
  });

  test("the reader of imports sees every kind, so that an empty list means something", () => {
    const has = (from: string, to: string) => EDGES.some((edge) => edge.from === from && edge.to === to);
    expect(has("cli/main.ts", "cli/program.ts"), "dynamic").toBe(true);
    expect(has("agent/answer-stream.ts", "protocol/stream.ts"), "type-only").toBe(true);
    expect(has("cli/exit.ts", "lib/app-error.ts"), "plain").toBe(true);
    expect(
      cyclesOf([
        { from: "a", to: "b" },
        { from: "b", to: "c" },
        { from: "c", to: "a" },
      ]),
    ).toEqual(["a > b > c > a"]);
    expect(isAllowed({ from: "tools/read.ts", to: "sandbox/local.ts" })).toBe(false);
    expect(isAllowed({ from: "agent/loop.ts", to: "providers/stream.ts" })).toBe(false);
  });
});
