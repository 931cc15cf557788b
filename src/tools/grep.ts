// grep: ripgrep over the workspace, in a stable order, cut to what a model can use.
import { AppError } from "../lib/app-error.ts";
import { keepHead } from "../lib/truncate.ts";
import type { Tool } from "../protocol/tool.ts";
import { defineTool, textOutput } from "./define-tool.ts";
import { existingPath } from "./existing-file.ts";
import {
  GREP_CONTEXT,
  GREP_DESCRIPTION,
  GREP_GLOB,
  GREP_IGNORE_CASE,
  GREP_LIMIT,
  GREP_OUTPUT,
  GREP_PATH,
  GREP_PATTERN,
} from "./grep.prompt.ts";
import { GrepLines } from "./grep-lines.ts";
import { choice, flag, optional, text, type Values, whole } from "./parameters.ts";
import type { ToolContext } from "./tool-context.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 2000;
/** ripgrep's own cut, so that a file of one huge line is not piped through us. */
const MAX_COLUMNS = 4000;

const PARAMETERS = {
  pattern: text(GREP_PATTERN),
  path: optional(text(GREP_PATH)),
  glob: optional(text(GREP_GLOB)),
  ignore_case: optional(flag(GREP_IGNORE_CASE)),
  context: optional(whole(GREP_CONTEXT, { min: 0, max: 20 })),
  output: optional(
    choice(GREP_OUTPUT, ["content", "files", "count"], {
      files_with_matches: "files",
      files_with_match: "files",
    }),
  ),
  limit: optional(whole(GREP_LIMIT, { min: 1, max: MAX_LIMIT })),
};

type Search = Values<typeof PARAMETERS>;

const ONE = { content: "1 match", files: "1 file", count: "1 file" } as const;
const NOUNS = { content: "matches", files: "files", count: "files" } as const;

export function grepTool(context: ToolContext): Tool {
  const { workspace } = context;
  return defineTool({
    name: "grep",
    description: GREP_DESCRIPTION,
    kind: "read",
    parameters: PARAMETERS,
    paths: ({ path }) => (path === undefined ? [] : [path]),
    execute: async (search, { signal }) => {
      const { limit = DEFAULT_LIMIT, output = "content" } = search;
      const place = await existingPath(workspace, search.path ?? ".");
      const enough = new AbortController();
      const lines = new GrepLines({
        limit,
        hasContent: output === "content",
        onEnough: () => enough.abort(),
      });
      const program = context.ripgrepPath ?? (await packagedRipgrep());
      const end = await workspace.execFile(program, [...ripgrepOptions(search), place.name], {
        onOutput: (part) => lines.add(part),
        signal: AbortSignal.any([signal, enough.signal]),
      });
      lines.end();
      signal.throwIfAborted();
      const failed = end.exitCode !== 0 && end.exitCode !== 1 && !end.aborted;
      if (failed && (lines.messages.length > 0 || lines.shown.length === 0)) throw searchFailed(lines);
      if (lines.matches === 0) return textOutput("no matches", { summary: "no matches" });
      return textOutput(resultText(lines, limit, NOUNS[output]), {
        summary: lines.matches === 1 ? ONE[output] : `${countOf(lines)} ${NOUNS[output]}`,
      });
    },
  });
}

function ripgrepOptions({ pattern, glob, ignore_case, context = 0, output = "content" }: Search): string[] {
  const shape = {
    content: ["--line-number", "--with-filename", "--no-heading", "--null", "--context", String(context)],
    files: ["--files-with-matches"],
    count: ["--count-matches", "--with-filename"],
  }[output];
  return [
    ...["--no-config", "--color=never", "--hidden", "--glob=!.git", "--no-require-git", "--sort=path"],
    ...[`--max-columns=${MAX_COLUMNS}`, "--max-columns-preview", "--crlf"],
    ...shape,
    ...(ignore_case ? ["--ignore-case"] : []),
    ...(/\n|\\n/.test(pattern) ? ["--multiline"] : []),
    ...(glob === undefined ? [] : globOptions(glob)),
    ...["--regexp", pattern, "--"],
  ];
}

/** A glob of names becomes a file type, because ripgrep lets --glob override .gitignore. */
function globOptions(glob: string): string[] {
  const ofNames = !glob.includes("/") && !glob.startsWith("!");
  return ofNames ? ["--type-add", `wanted:${glob}`, "--type=wanted"] : [`--glob=${glob}`];
}

function resultText(lines: GrepLines, limit: number, noun: string): string {
  const kept = keepHead(`${lines.shown.join("\n")}\n`);
  const notices: string[] = [];
  if (lines.matches > limit) {
    notices.push(
      `[${limit} of ${countOf(lines)} ${noun} shown. Narrow the pattern, path or glob, or raise limit.]`,
    );
  }
  if (kept.cut) notices.push("[Cut after 50 KB. Narrow the pattern, path or glob.]");
  return kept.text.trimEnd() + notices.map((notice) => `\n${notice}`).join("");
}

function countOf({ matches, overflowed }: GrepLines): string {
  return overflowed ? `more than ${matches}` : String(matches);
}

function searchFailed({ messages, shown }: GrepLines): AppError {
  const reason = [...messages, ...shown].join("\n").trim().slice(0, 1000);
  return new AppError("grep.failed", `The search failed: ${reason || "ripgrep gave no reason"}`, {
    hint: "Escape characters that stand for themselves, for example \\( or \\{.",
  });
}

async function packagedRipgrep(): Promise<string> {
  try {
    return (await import("@vscode/ripgrep")).rgPath;
  } catch (cause) {
    throw new AppError("grep.missing", "ripgrep is not installed for this system.", {
      hint: "Install ripgrep (rg), or use bash with grep.",
      cause,
    });
  }
}
