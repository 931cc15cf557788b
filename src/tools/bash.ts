// bash: a shell command with live output, a time limit, and the newest part of what it printed as its result.
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { newId } from "../lib/ids.ts";
import type { Tool, ToolCallOptions, ToolDetails, ToolOutput } from "../protocol/tool.ts";
import type { BackgroundProcess, ExecResult } from "../sandbox/workspace.ts";
import {
  BASH_BACKGROUND,
  BASH_COMMAND,
  BASH_DESCRIPTION,
  bashTimeout,
  movedToBackground,
} from "./bash.prompt.ts";
import { defineTool, textOutput } from "./define-tool.ts";
import { LongOutput, type LongOutputResult, OutputFile } from "./long-output.ts";
import { flag, optional, text, whole } from "./parameters.ts";
import type { ToolContext } from "./tool-context.ts";

const DEFAULT_TIMEOUT_S = 120;
const MAX_TIMEOUT_S = 600;
/** A background command that fails at once is seen to fail within this time. */
const BACKGROUND_LOOK_MS = 500;

export function bashTool(context: ToolContext): Tool {
  const usual = context.bashTimeoutS ?? DEFAULT_TIMEOUT_S;
  const most = Math.max(usual, MAX_TIMEOUT_S);
  return defineTool({
    name: "bash",
    description: BASH_DESCRIPTION,
    kind: "execute",
    backgroundable: true,
    parameters: {
      command: text(BASH_COMMAND),
      timeout: optional(whole(bashTimeout(usual, most), { min: 1, max: most })),
      background: optional(flag(BASH_BACKGROUND)),
    },
    execute: ({ command, timeout = usual, background = false }, options) =>
      background ? startInBackground(context, command) : run(context, { command, timeout }, options),
  });
}

async function run(
  { workspace, outputDir, bashQuotaMb }: ToolContext,
  { command, timeout }: { command: string; timeout: number },
  { onUpdate, signal, background }: ToolCallOptions,
): Promise<ToolOutput> {
  const logPath = join(outputDir, `bash-${newId()}.log`);
  const output = new LongOutput(logPath);
  const startedMs = performance.now();
  let ended = false;
  const end = await workspace.exec(command, {
    timeoutSeconds: timeout,
    signal,
    onOutput: (part) => {
      output.add(part);
      if (!ended) onUpdate(part);
    },
    ...(background === undefined ? {} : { background: { signal: background, logPath } }),
  });
  ended = true;
  if (end.background) return movedResult(end.background, output, performance.now() - startedMs);
  const result = output.result();
  const durationMs = Math.round(performance.now() - startedMs);
  return {
    content: [
      {
        type: "text",
        text: resultText(result, notices(end, timeout, quotaNotice(end, result, bashQuotaMb))),
      },
    ],
    details: {
      summary: end.aborted ? "cancelled" : end.timedOut ? "timed out" : `exit ${end.exitCode ?? "by signal"}`,
      exitCode: end.exitCode,
      durationMs,
      ...(result.path ? { fullOutputPath: result.path } : {}),
    } satisfies ToolDetails,
    isError: end.aborted || end.exitCode !== 0,
  };
}

/** From here on everything goes into the log. */
function movedResult({ id, pid }: BackgroundProcess, output: LongOutput, durationMs: number): ToolOutput {
  output.spill();
  const { path, ...rest } = output.result();
  const notice = movedToBackground({ id, pid, seconds: Math.round(durationMs / 1000), logPath: path });
  return textOutput(resultText({ ...rest, path }, notice), {
    summary: `background ${id}`,
    background: id,
    backgroundLog: path,
    durationMs: Math.round(durationMs),
    ...(path === null ? {} : { fullOutputPath: path }),
  });
}

function resultText({ tail, totalLines, path }: LongOutputResult, notice: string | null): string {
  const plain = stripVTControlCharacters(tail.text).replace(/\n$/, "");
  const where = path ? `All of it is in ${path}` : "The rest was not kept";
  const part = tail.partial ? "the end of the last line" : `the last ${tail.lines} of ${totalLines} lines`;
  return [
    ...(tail.cut ? [`[Output cut: this is ${part}. ${where}.]`] : []),
    ...(plain === "" && !notice ? ["(no output)"] : []),
    ...(plain === "" ? [] : [plain]),
    ...(notice ? [notice] : []),
  ].join("\n");
}

function endNotice({ exitCode, timedOut, aborted }: ExecResult, timeout: number): string | null {
  if (aborted) return "[Cancelled by the user: the command and all it started were ended.]";
  if (timedOut)
    return `[Timed out after ${timeout} s: the command and all it started were ended. Exit code 124]`;
  if (exitCode === null) return "[Ended by a signal]";
  return exitCode === 0 ? null : `[Exit code ${exitCode}]`;
}

/** What the shell answers for a program that was ended by SIGXFSZ, and what those say that go on. */
const SIZE_SIGNAL_EXIT = 153;
const SIZE_WORDS = /File size limit exceeded|File too large|EFBIG/;

function quotaNotice(
  { exitCode }: ExecResult,
  { tail }: LongOutputResult,
  quotaMb: number | undefined,
): string | null {
  if (quotaMb === undefined || exitCode === 0) return null;
  if (exitCode !== SIZE_SIGNAL_EXIT && !SIZE_WORDS.test(tail.text)) return null;
  return `[Quota: no file that a command writes may have more than ${quotaMb} MB (setting bash.quota).]`;
}

function notices(end: ExecResult, timeout: number, quota: string | null): string | null {
  const all = [endNotice(end, timeout), quota].filter((notice) => notice !== null);
  return all.length === 0 ? null : all.join("\n");
}

async function startInBackground(
  { workspace, outputDir }: ToolContext,
  command: string,
): Promise<ToolOutput> {
  const log = new OutputFile(join(outputDir, `background-${newId()}.log`));
  log.add("");
  const started = await workspace.spawn(command, {
    logPath: log.path,
    seenMs: BACKGROUND_LOOK_MS,
    onOutput: (part) => log.add(part),
  });
  const until = performance.now() + BACKGROUND_LOOK_MS;
  while (started.running() && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const state = started.running()
    ? "runs in the background"
    : `ended with exit code ${started.exitCode() ?? "none"}`;
  const early = stripVTControlCharacters(started.output()).slice(-2000).trimEnd();
  const lines = [
    `${started.id} (pid ${started.pid}) ${state}. Its output: ${log.path}`,
    ...(early ? [early] : []),
  ];
  const details = started.running()
    ? { summary: `background ${started.id}`, background: started.id, backgroundLog: log.path }
    : { summary: state };
  return {
    ...textOutput(lines.join("\n"), details),
    isError: !started.running() && started.exitCode() !== 0,
  };
}
