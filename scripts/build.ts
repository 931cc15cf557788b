// Bundles src into dist with split chunks, so that each start loads only what it runs.
import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { build } from "esbuild";

const require = createRequire(import.meta.url);
const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };

await rm("dist", { recursive: true, force: true });
await mkdir("dist", { recursive: true });
await build({
  entryPoints: { main: "src/cli/main.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  // Some packages' "main" is a UMD file whose requires no bundler can follow (jsonc-parser).
  mainFields: ["module", "main"],
  jsx: "automatic",
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  legalComments: "none",
  chunkNames: "chunk-[hash]",
  // Ripgrep is a program, not a module: it is looked up on disk at run time.
  external: ["@vscode/ripgrep"],
  // Ink's optional developer tools are never shipped.
  alias: { "react-devtools-core": "./scripts/empty-module.ts" },
  define: { "process.env.NODE_ENV": '"production"', HEARTH_VERSION: JSON.stringify(version) },
  banner: {
    js: 'import{createRequire as hearthRequire}from"node:module";const require=hearthRequire(import.meta.url);',
  },
  logLevel: "warning",
});
for (const file of ["web-tree-sitter/web-tree-sitter.wasm", "tree-sitter-bash/tree-sitter-bash.wasm"]) {
  await copyFile(require.resolve(file), `dist/${file.split("/").at(-1)}`);
}
