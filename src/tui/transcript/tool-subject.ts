// What a tool call is about and how it went, in a few words. Knows our tools; others by their arguments.
import type { ToolItem } from "../../app/transcript-item.ts";
import { asOurTool } from "./foreign-tool.ts";

type Arguments = Record<string, unknown>;

/** What the call touched: a path, a command, a pattern. Not sanitised. */
export function toolSubject(item: ToolItem): string {
  const { name, args } = asOurTool(item.name, item.arguments);
  const subject = SUBJECTS[name]?.(args);
  return subject || (name === "todo" ? "" : firstText(item.arguments));
}

/** The result in three words: the tool's own, else what can be read off the result. */
export function toolSummary(item: ToolItem): string {
  switch (item.status) {
    case "waiting":
      return "waits for you";
    case "running":
      return "running";
    case "denied":
      return DENIALS[item.details?.denial ?? "policy"];
    case "cancelled":
    case "skipped":
      return item.status;
    case "done":
    case "failed":
      return ownSummary(item) ?? readSummary(item) ?? (item.status === "failed" ? "failed" : "");
  }
}

/** Who refused, in words: colours alone would not tell. */
const DENIALS = {
  policy: "denied by a rule",
  hook: "denied by a hook",
  user: "denied by you",
  unattended: "nobody to ask",
} as const;

/** True when the end of the output matters most, not its beginning. */
export function isCommand(item: ToolItem): boolean {
  return text(asOurTool(item.name, item.arguments).args, "command") !== "";
}

const SUBJECTS: Readonly<Record<string, (args: Arguments) => string>> = {
  read: (args) => text(args, "path") + lineRange(args),
  write: (args) => text(args, "path"),
  edit: (args) => text(args, "path"),
  bash: (args) => text(args, "command"),
  grep: (args) => inPath(text(args, "pattern"), args),
  glob: (args) => inPath(text(args, "pattern"), args),
  ls: (args) => text(args, "path") || ".",
  git_commit: (args) => text(args, "message"),
  todo: () => "",
};

function lineRange(args: Arguments): string {
  const offset = typeof args.offset === "number" ? args.offset : 1;
  if (typeof args.limit === "number") return `:${offset}-${offset + args.limit - 1}`;
  return offset > 1 ? `:${offset}-` : "";
}

function inPath(pattern: string, args: Arguments): string {
  const where = text(args, "path") || text(args, "glob");
  return where === "" ? pattern : `${pattern} in ${where}`;
}

/** For tools we do not know: the argument whose name says most, else the first text, else the first list of texts. */
function firstText(args: Arguments): string {
  for (const name of [
    "command",
    "path",
    "file_path",
    "filePath",
    "pattern",
    "query",
    "url",
    "description",
    "ref",
  ]) {
    if (text(args, name) !== "") return text(args, name);
  }
  for (const value of Object.values(args)) {
    if (typeof value === "string" && value !== "") return value;
    if (Array.isArray(value) && value.length > 0 && value.every((part) => typeof part === "string")) {
      return value.join(" ");
    }
  }
  return "";
}

/** That a command went well is what its mark says. */
function ownSummary({ details, pictures }: ToolItem): string | undefined {
  if (pictures && details?.summary === "image") return undefined;
  return details?.summary === "exit 0" ? undefined : details?.summary;
}

function readSummary(item: ToolItem): string | null {
  const { details, pictures } = item;
  if (pictures) return pictures.length === 1 ? (pictures[0]?.name ?? null) : `${pictures.length} images`;
  if (details?.diff) return `+${details.diff.added} -${details.diff.removed}`;
  if (details?.exitCode === null) return "ended by a signal";
  if (details?.exitCode !== undefined && details.exitCode !== 0) return `exit ${details.exitCode}`;
  if (details?.plan) {
    return `${details.plan.filter((entry) => entry.status === "completed").length} of ${details.plan.length} done`;
  }
  if (item.status === "failed") return null;
  if (isCommand(item)) return outputLength(item.output);
  return lengthOf(item) ?? (Object.hasOwn(SUBJECTS, item.name) ? null : foreignResult(item.output));
}

/** How much was read or written; null for other tools, and where another agent's tool does not say. */
function lengthOf(item: ToolItem): string | null {
  const { name, args } = asOurTool(item.name, item.arguments);
  const isOwn = name === item.name;
  const content = name === "read" ? item.output : name === "write" ? text(args, "content") : null;
  return content === null || (content === "" && !isOwn) ? null : countLines(content);
}

/** Of a tool that tells nothing else: the whole answer when it is a few words, else how long it is. */
function foreignResult(output: string): string | null {
  const answer = output.trim();
  if (answer === "") return null;
  return answer.length <= FEW_WORDS && !answer.includes("\n") ? answer : countLines(answer);
}

const FEW_WORDS = 24;

/** How much a command said; nothing when it said nothing. */
function outputLength(output: string): string | null {
  const cut = /^\[Output cut: [^\n]*? of (\d+) lines/.exec(output);
  if (cut) return `${cut[1]} lines`;
  return output === "" || output === "(no output)" ? null : countLines(output);
}

function countLines(content: string): string {
  const count = content === "" ? 0 : content.replace(/\n$/, "").split("\n").length;
  return `${count} ${count === 1 ? "line" : "lines"}`;
}

function text(args: Arguments, name: string): string {
  const value = args[name];
  return typeof value === "string" ? value : "";
}
