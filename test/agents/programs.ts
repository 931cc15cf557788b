// The real agent programs: their pinned versions, their installing into a folder of their own, and where they stand there.
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

const VERSIONS = {
  "@anthropic-ai/claude-code": "2.1.328",
  "@openai/codex": "0.169.0",
  "@google/gemini-cli": "0.61.0",
  "opencode-ai": "1.18.33",
  "@earendil-works/pi-coding-agent": "0.87.1",
  "@agentclientprotocol/claude-agent-acp": "0.100.0",
  "@agentclientprotocol/codex-acp": "2.6.0",
} as const;

export type PackageName = keyof typeof VERSIONS;

/** `HEARTH_TEST_AGENTS`, else a folder of the user's cache. */
export function programsFolder(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return process.env.HEARTH_TEST_AGENTS ?? join(cache, "hearth", "test-agents");
}

/** The version that is there; null when the package is not. */
export function installedVersion(folder: string, name: PackageName): string | null {
  const file = join(folder, "node_modules", name, "package.json");
  if (!existsSync(file)) return null;
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  return version;
}

/** Those that are missing or of another version come from npm; their install scripts fetch what npm does not hold. */
export async function installPrograms(folder: string, names: readonly PackageName[]): Promise<void> {
  const missing = names.filter((name) => installedVersion(folder, name) !== VERSIONS[name]);
  if (missing.length === 0) return;
  await mkdir(folder, { recursive: true });
  if (!existsSync(join(folder, "package.json"))) await writeFile(join(folder, "package.json"), "{}\n");
  const wanted = missing.map((name) => `${name}@${VERSIONS[name]}`);
  console.log(`npm install ${wanted.join(" ")} (in ${folder})`);
  const quiet = ["--save-exact", "--no-audit", "--no-fund", "--loglevel", "error"];
  await execa("npm", ["install", ...quiet, ...wanted], { cwd: folder, stdout: "inherit", stderr: "inherit" });
}

/** The native program that npm put beside the launcher of a package, else the launcher. */
const NATIVE: Partial<Record<PackageName, readonly string[]>> = {
  "@anthropic-ai/claude-code": [`@anthropic-ai/claude-code-${process.platform}-${process.arch}`, "claude"],
  "opencode-ai": [`opencode-${process.platform}-${process.arch}`, "bin", "opencode"],
};
const LAUNCHERS: Record<PackageName, readonly string[]> = {
  "@anthropic-ai/claude-code": [".bin", "claude"],
  "@openai/codex": [".bin", "codex"],
  "@google/gemini-cli": ["@google", "gemini-cli", "bundle", "gemini.js"],
  "opencode-ai": [".bin", "opencode"],
  "@earendil-works/pi-coding-agent": ["@earendil-works", "pi-coding-agent", "dist", "bundle", "cli.js"],
  "@agentclientprotocol/claude-agent-acp": ["@agentclientprotocol", "claude-agent-acp", "dist", "index.js"],
  "@agentclientprotocol/codex-acp": ["@agentclientprotocol", "codex-acp", "dist", "index.js"],
};

/** Absolute; a `.js` file is to be run by node. */
export function programFile(folder: string, name: PackageName): string {
  const modules = join(folder, "node_modules");
  const native = NATIVE[name];
  if (native !== undefined && existsSync(join(modules, ...native))) return join(modules, ...native);
  return join(modules, ...LAUNCHERS[name]);
}
