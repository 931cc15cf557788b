// The languages that code is coloured for. Each is loaded when the first text names it.
import type { LanguageFn } from "highlight.js";

type Loader = () => Promise<{ default: LanguageFn }>;

/** highlight.js' name of a language, where to get it, and the languages it embeds. */
type LanguageSource = { load: Loader; embeds?: readonly string[] };

export const LANGUAGES: Readonly<Record<string, LanguageSource>> = {
  bash: { load: () => import("highlight.js/lib/languages/bash") },
  c: { load: () => import("highlight.js/lib/languages/c") },
  cpp: { load: () => import("highlight.js/lib/languages/cpp") },
  csharp: { load: () => import("highlight.js/lib/languages/csharp") },
  css: { load: () => import("highlight.js/lib/languages/css") },
  diff: { load: () => import("highlight.js/lib/languages/diff") },
  dockerfile: { load: () => import("highlight.js/lib/languages/dockerfile"), embeds: ["bash"] },
  go: { load: () => import("highlight.js/lib/languages/go") },
  ini: { load: () => import("highlight.js/lib/languages/ini") },
  java: { load: () => import("highlight.js/lib/languages/java") },
  javascript: { load: () => import("highlight.js/lib/languages/javascript"), embeds: ["xml", "css"] },
  json: { load: () => import("highlight.js/lib/languages/json") },
  kotlin: { load: () => import("highlight.js/lib/languages/kotlin") },
  makefile: { load: () => import("highlight.js/lib/languages/makefile") },
  markdown: { load: () => import("highlight.js/lib/languages/markdown"), embeds: ["xml"] },
  php: { load: () => import("highlight.js/lib/languages/php") },
  python: { load: () => import("highlight.js/lib/languages/python") },
  ruby: { load: () => import("highlight.js/lib/languages/ruby") },
  rust: { load: () => import("highlight.js/lib/languages/rust") },
  scss: { load: () => import("highlight.js/lib/languages/scss") },
  shell: { load: () => import("highlight.js/lib/languages/shell"), embeds: ["bash"] },
  sql: { load: () => import("highlight.js/lib/languages/sql") },
  swift: { load: () => import("highlight.js/lib/languages/swift") },
  typescript: { load: () => import("highlight.js/lib/languages/typescript"), embeds: ["xml", "css"] },
  xml: { load: () => import("highlight.js/lib/languages/xml"), embeds: ["css", "javascript"] },
  yaml: { load: () => import("highlight.js/lib/languages/yaml") },
};

/** What people write behind a fence, and endings of file names. */
const ALIASES: Readonly<Record<string, string>> = {
  "c++": "cpp",
  cc: "cpp",
  cjs: "javascript",
  console: "shell",
  cs: "csharp",
  cts: "typescript",
  docker: "dockerfile",
  golang: "go",
  h: "c",
  hpp: "cpp",
  htm: "xml",
  html: "xml",
  js: "javascript",
  json5: "json",
  jsonc: "json",
  jsonl: "json",
  jsx: "javascript",
  kt: "kotlin",
  make: "makefile",
  md: "markdown",
  mjs: "javascript",
  mts: "typescript",
  patch: "diff",
  py: "python",
  python3: "python",
  rb: "ruby",
  rs: "rust",
  sh: "bash",
  "shell-session": "shell",
  svelte: "xml",
  svg: "xml",
  toml: "ini",
  ts: "typescript",
  tsx: "typescript",
  vue: "xml",
  yml: "yaml",
  zsh: "bash",
};

/** The language's own name, or null when we cannot colour it. */
export function findLanguage(name: string): string | null {
  const language = Object.hasOwn(ALIASES, name) ? ALIASES[name] : name;
  return language !== undefined && Object.hasOwn(LANGUAGES, language) ? language : null;
}
