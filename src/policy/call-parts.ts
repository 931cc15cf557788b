// What one tool call is about, as parts that are decided one by one: commands, files, or the tool itself.
import type { GateCall } from "../protocol/approval.ts";
import { classifyLine, isSystemStream, type LineClass } from "./command-class.ts";
import { absolutePath, isWithin } from "./path-pattern.ts";
import { parseShellLine } from "./shell-command.ts";
import type { ShellLine, SimpleCommand } from "./shell-line.ts";

/** Where calls act. The gate reads it anew for each call. */
export type GatePlace = {
  /** For the person: "workspace", a sandbox's name, an external runtime's name. */
  name: string;
  /** True when walls keep programs inside. */
  sandboxed: boolean;
  /** Absolute folder of the workspace. */
  root: string;
  /** Absolute home folder. */
  home: string;
  /** Further folders that count as the workspace. */
  folders?: readonly string[];
  /** The absolute path with symlinks resolved, also for a leaf that does not exist. May reject: outside. */
  realPath?: (path: string) => Promise<string>;
};

/** `paths`: as named and with symlinks resolved; empty when it is not known. */
export type FilePart = {
  kind: "file";
  access: "read" | "edit" | "mention";
  /** Names that rules with a pattern know it by. */
  names: readonly string[];
  /** Further names that rules without a pattern know it by: the tool that does it. */
  tools: readonly string[];
  written: string | null;
  paths: readonly string[];
  inside: boolean;
};
export type CommandPart = { kind: "command"; names: readonly string[]; command: SimpleCommand };
type ToolPart = { kind: "tool"; names: readonly string[]; text: string | null; reads: boolean };
export type CallPart = FilePart | CommandPart | ToolPart;

export type CallReading = {
  /** At least one. */
  parts: readonly CallPart[];
  shell: { line: ShellLine; found: LineClass } | null;
  /** The exact command, path or arguments in one text. */
  subject: string;
};

/** Never rejects for what the call holds. */
export async function readCall(call: GateCall, place: GatePlace): Promise<CallReading> {
  const command = shellText(call);
  if (command !== null) return readShellCall(call, command, place);
  const paths = call.tool?.paths ? callPaths(call) : [];
  if (paths === null || paths.length === 0) return readToolCall(call);
  const access = call.tool?.readOnly ? "read" : "edit";
  const parts = await Promise.all(
    paths.map((path) => filePart(path, { access, names: [call.name, access], tools: [] }, place)),
  );
  return { parts, shell: null, subject: paths.join(", ") };
}

/** The tool's own idea of the paths; null when the arguments are too broken to tell. */
function callPaths(call: GateCall): string[] | null {
  try {
    return call.tool?.paths?.(call.arguments) ?? [];
  } catch {
    // The tool itself will refuse these arguments; until then the call counts as one without known paths.
    return null;
  }
}

function readToolCall(call: GateCall): CallReading {
  const reads = call.tool?.readOnly === true;
  const text = Object.values(call.arguments).find((value) => typeof value === "string") ?? null;
  const part: ToolPart = { kind: "tool", names: toolNames(call), text, reads };
  const values = Object.keys(call.arguments).length > 0 ? ` ${JSON.stringify(call.arguments)}` : "";
  return { parts: [part], shell: null, subject: call.name + values };
}

/** `edit` and `read` stand for every tool that changes or reads files by their paths. */
export function toolNames(tool: Pick<GateCall, "name" | "tool">): string[] {
  if (!tool.tool?.paths) return [tool.name];
  return [tool.name, tool.tool.readOnly ? "read" : "edit"];
}

function shellText(call: GateCall): string | null {
  const executes = call.name === "bash" || call.tool === null || call.tool.kind === "execute";
  const { command } = call.arguments;
  return executes && typeof command === "string" ? command : null;
}

async function readShellCall(call: GateCall, text: string, place: GatePlace): Promise<CallReading> {
  const line = await parseShellLine(text);
  const names = [...new Set([call.name, "bash"])];
  const nothing: SimpleCommand = { argv: [], assignments: [], transparent: false, text };
  const listed = line.commands.length > 0 ? line.commands : [nothing];
  const commands = listed.map((command): CommandPart => ({ kind: "command", names, command }));
  const moved = line.commands.some(({ argv }) => /^(?:cd|pushd|popd|chroot)$/.test(argv[0] ?? ""));
  const written = (path: string | null) => (moved && path !== null && !/^[/~]/.test(path) ? null : path);
  const redirects = line.redirects.filter(({ path }) => path === null || !isSystemStream(path));
  const files = redirects.map(({ path, writes }) => {
    const access = writes ? "edit" : "read";
    return filePart(written(path), { access, names: [access], tools: names }, place);
  });
  const mentions = namedFiles(line).map((path) =>
    filePart(path, { access: "mention", names: ["read", "edit"], tools: [] }, place),
  );
  const found = classifyLine(line, (path) => isInside(absolutePath(path, place), place));
  const parts = [...commands, ...(await Promise.all(files)), ...(await Promise.all(mentions))];
  return { parts, shell: { line, found }, subject: text };
}

/** Words that could be files, so that a rule that denies a file also denies a command that names it. */
function namedFiles(line: ShellLine): string[] {
  const words = line.commands.flatMap(({ argv }) => argv.slice(1));
  const files = words.filter(
    (word): word is string => word !== null && word !== "" && !/^-|[\s\0]/.test(word),
  );
  return [...new Set(files)].slice(0, 200);
}

async function filePart(
  path: string | null,
  about: Pick<FilePart, "access" | "names" | "tools">,
  place: GatePlace,
): Promise<FilePart> {
  if (path === null) return { kind: "file", ...about, written: null, paths: [], inside: false };
  const absolute = absolutePath(path, place);
  // A mention is a guess at a file, for rules that forbid; it is not worth a look at the disk.
  const real = about.access === "mention" ? absolute : await realPath(absolute, place);
  const paths = real === null || real === absolute ? [absolute] : [absolute, real];
  const inside = real !== null && paths.every((each) => isInside(each, place));
  return { kind: "file", ...about, written: path, paths, inside };
}

/** Null when it cannot be resolved, which counts as outside. */
async function realPath(absolute: string, place: GatePlace): Promise<string | null> {
  if (!place.realPath) return absolute;
  try {
    return await place.realPath(absolute);
  } catch {
    // A workspace rejects for paths outside it; the part is then judged by its written path, as outside.
    return null;
  }
}

function isInside(path: string, place: GatePlace): boolean {
  return [place.root, ...(place.folders ?? [])].some((folder) => isWithin(path, folder));
}
