// Bundles src into dist with split chunks, so that each start loads only what it runs.
import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const require = createRequire(import.meta.url);
const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };

/** What would slow every start down: see each part. */
const leanStart: Plugin = {
  name: "lean-start",
  setup(bundle) {
    // Yoga's loader would fetch its own base64 text, for which Node has to load its whole HTTP client.
    bundle.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll('"function"!=typeof fetch', "true"),
      loader: "js",
    }));
    // Ink's renderer takes finished rows apart into cells: see flat-output.
    bundle.onLoad({ filter: /ink[\\/]build[\\/]output\.js$/ }, async ({ path }) => ({
      contents: `import { flatOutput } from ${JSON.stringify(resolve("src/tui/flat-output.ts"))};
${(await readFile(path, "utf8")).replace(
  "    get() {",
  `    get() {
        const flat = flatOutput(this.operations, this.height);
        if (flat !== null) return { output: flat, height: this.height };`,
)}`,
      loader: "js",
    }));
    const fast = resolve("src/lib/fast-string-width.ts");
    bundle.onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      importer.startsWith(dirname(fast)) ? undefined : { path: fast },
    );
  },
};

/**
 * SDKs take the whole of zod; we take its small part. In one copy ours would carry theirs, at every start, since what
 * is left out is decided for the bundle as a whole. So SDKs get a copy of their own.
 */
const ownZodForSdks: Plugin = {
  name: "own-zod-for-sdks",
  setup(bundle) {
    const namespace = "sdk-zod";
    const source = resolve("src");
    bundle.onResolve({ filter: /^zod(\/|$)/, namespace: "file" }, ({ path, importer }) =>
      importer.startsWith(source) ? undefined : { path: fileURLToPath(import.meta.resolve(path)), namespace },
    );
    bundle.onResolve({ filter: /^\./, namespace }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path),
      namespace,
    }));
    bundle.onLoad({ filter: /./, namespace }, async ({ path }) => ({
      contents: await readFile(path, "utf8"),
      resolveDir: dirname(path),
    }));
  },
};

/** The sixel package's quantizer makes a global by assigning to it, which a module must not. */
const strictSixel: Plugin = {
  name: "strict-sixel",
  setup(bundle) {
    bundle.onLoad({ filter: /sixel[\\/]upng\.js$/ }, async ({ path }) => ({
      contents: `let UPNG;\n${await readFile(path, "utf8")}`,
      loader: "js",
    }));
  },
};

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
  plugins: [leanStart, ownZodForSdks, strictSixel],
  jsx: "automatic",
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  // SDKs warn on the console (Google's: "Both GOOGLE_API_KEY and GEMINI_API_KEY are set"), which is the screen's.
  pure: ["console.warn"],
  legalComments: "none",
  chunkNames: "chunk-[hash]",
  // Ripgrep is a program, not a module, and node-pty brings a compiled part: both are looked up on disk at run time.
  external: ["@vscode/ripgrep", "@lydell/node-pty"],
  alias: {
    // Ink's optional developer tools are never shipped.
    "react-devtools-core": "./scripts/empty-module.ts",
    // Its two builds export differently; Node takes this one.
    "@xterm/addon-serialize": require.resolve("@xterm/addon-serialize"),
  },
  define: { "process.env.NODE_ENV": '"production"', HEARTH_VERSION: JSON.stringify(version) },
  banner: {
    js: 'import{createRequire as hearthRequire}from"node:module";const require=hearthRequire(import.meta.url);',
  },
  logLevel: "warning",
});
for (const file of ["web-tree-sitter/web-tree-sitter.wasm", "tree-sitter-bash/tree-sitter-bash.wasm"]) {
  await copyFile(require.resolve(file), `dist/${file.split("/").at(-1)}`);
}
// pi loads it into its own program.
await copyFile("src/runtimes/pi/pi-gate.js", "dist/pi-gate.js");
