// Loads tree-sitter's bash grammar (WebAssembly) at first use. The parser keeps no state between lines, so
// the process shares one.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Tree } from "web-tree-sitter";

/** Gives the syntax tree of a script; null when the parser gave up. The caller deletes the tree. */
export type BashParser = (script: string) => Tree | null;

let loading: Promise<BashParser> | null = null;

/** Rejects when a WebAssembly file is missing or broken; the next call tries again. */
export function loadBashParser(): Promise<BashParser> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<BashParser> {
  const { Language, Parser } = await import("web-tree-sitter");
  const [wasmBinary, grammar] = await Promise.all([
    readFile(findWasm("web-tree-sitter")),
    readFile(findWasm("tree-sitter-bash")),
  ]);
  await Parser.init({ wasmBinary });
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return (script) => {
    parser.reset();
    return parser.parse(script);
  };
}

/** Beside the bundled chunk, else in node_modules. */
function findWasm(name: string): string {
  const bundled = fileURLToPath(new URL(`./${name}.wasm`, import.meta.url));
  return existsSync(bundled) ? bundled : createRequire(import.meta.url).resolve(`${name}/${name}.wasm`);
}
