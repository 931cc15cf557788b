// A real workspace in a temporary folder with all tools, for the tests of this folder.
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { runProcess } from "../../src/lib/subprocess.ts";
import type { ToolOutput } from "../../src/protocol/tool.ts";
import { childEnvironment } from "../../src/sandbox/child-env.ts";
import { createLocalWorkspace } from "../../src/sandbox/local.ts";
import { createTools } from "../../src/tools/registry.ts";
import { createToolState } from "../../src/tools/tool-context.ts";

/** A folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "hearth-test-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export type CallOptions = {
  signal?: AbortSignal;
  background?: AbortSignal;
  onUpdate?: (text: string) => void;
};

export async function temporaryWorkspace(
  env: Record<string, string> = {},
  limits: { bashTimeoutS?: number; bashQuotaMb?: number } = {},
) {
  const base = temporaryFolder();
  const root = join(base, "work");
  const outputDir = join(base, "output");
  await mkdir(root);
  const gitEnv = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  const childEnv = childEnvironment({ ...process.env, HOME: base, ...env }, Object.keys(env));
  const workspace = await createLocalWorkspace({ root, env: childEnv, tempDir: outputDir });
  onTestFinished(() => workspace.close());
  const state = createToolState();
  const tools = createTools({ workspace, state, outputDir, env: childEnv, ...limits });
  return {
    root,
    base,
    outputDir,
    workspace,
    tools,
    put: async (path: string, content: string | Uint8Array) => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    },
    text: (path: string) => readFile(join(root, path), "utf8"),
    /** Parses and executes as the loop does. */
    call: async (
      name: string,
      args: Record<string, unknown>,
      options: CallOptions = {},
    ): Promise<ToolOutput> => {
      const tool = tools.find((one) => one.name === name);
      if (!tool) throw new Error(`no tool ${name}`);
      return tool.execute(tool.parse(args), {
        toolCallId: "call",
        onUpdate: options.onUpdate ?? (() => undefined),
        signal: options.signal ?? new AbortController().signal,
        ...(options.background === undefined ? {} : { background: options.background }),
      });
    },
    git: async (...args: string[]): Promise<string> => {
      let output = "";
      const end = await runProcess("git", args, {
        cwd: root,
        env: { ...childEnv, ...gitEnv },
        onOutput: (part) => {
          output += part;
        },
        signal: new AbortController().signal,
      });
      if (end.exitCode !== 0) throw new Error(output);
      return output;
    },
  };
}

/** The text a model would see. */
export function shown(output: ToolOutput): string {
  return output.content.map((part) => (part.type === "text" ? part.text : `<${part.mimeType}>`)).join("\n");
}

/** True while the process runs; one that ended and was not collected yet (a zombie) does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}
