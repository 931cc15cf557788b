// What each permission mode does with a call that no rule speaks of, and which tools a model is offered. Pure.
import type { PermissionMode, PolicyDecision } from "../protocol/approval.ts";
import type { Tool } from "../protocol/tool.ts";
import { type CallPart, type CallReading, type FilePart, toolNames } from "./call-parts.ts";
import { isProtectedPath } from "./protected-paths.ts";
import { matchesName } from "./rule-match.ts";
import type { RuleSet } from "./rules.ts";
import { isSecretPath } from "./secret-paths.ts";

export type ModeContext = { mode: PermissionMode; readOnly: boolean; sandboxed: boolean };
export type ModeDecision = { decision: PolicyDecision; reason: string };

/** Null when rules may decide; plan mode and --read-only refuse what changes anything before any rule. */
export function modeRefusal(part: CallPart, reading: CallReading, context: ModeContext): string | null {
  if (onlyReads(part)) return null;
  if (context.readOnly) return "--read-only allows nothing that could change anything";
  if (context.mode !== "plan" || (part.kind === "command" && readsInside(reading))) return null;
  return "plan mode allows nothing that could change anything";
}

function onlyReads(part: CallPart): boolean {
  if (part.kind === "file") return part.access !== "edit";
  return part.kind === "tool" && part.reads;
}

/** For a part that no rule speaks of. */
export function modeDecision(part: CallPart, reading: CallReading, context: ModeContext): ModeDecision {
  if (context.mode === "full") return { decision: "allow", reason: "mode full" };
  switch (part.kind) {
    case "file":
      return fileDecision(part, context.mode);
    case "tool":
      return part.reads
        ? { decision: "allow", reason: "it only reads" }
        : { decision: "ask", reason: `mode ${context.mode}: tools that may change things ask` };
    case "command":
      return commandDecision(reading, context);
  }
}

function fileDecision(part: FilePart, mode: PermissionMode): ModeDecision {
  if (part.access === "mention") return { decision: "allow", reason: "the command decides" };
  const names = [...part.paths, ...(part.written === null ? [] : [part.written])];
  if (names.some(isSecretPath)) return { decision: "ask", reason: "the file may hold secrets" };
  if (part.access === "read") return { decision: "allow", reason: "it only reads" };
  if (mode === "ask" || mode === "plan") return { decision: "ask", reason: `mode ${mode}: edits ask` };
  if (!part.inside) return { decision: "ask", reason: "the file is outside the workspace, or not known" };
  if (part.paths.some(isProtectedPath)) return { decision: "ask", reason: "the file steers other programs" };
  return { decision: "allow", reason: `mode ${mode}: edits in the workspace run` };
}

function readsInside({ shell }: CallReading): boolean {
  return shell?.found.readOnly === true && shell.found.outside.length === 0;
}

function commandDecision(reading: CallReading, { mode, sandboxed }: ModeContext): ModeDecision {
  const { shell } = reading;
  const unclear = shell?.line.unclear[0];
  if (unclear !== undefined) return { decision: "ask", reason: unclear };
  if (mode === "plan") return { decision: "allow", reason: "it only reads" };
  if (mode !== "auto") return { decision: "ask", reason: `mode ${mode}: commands ask` };
  if (readsInside(reading)) return { decision: "allow", reason: "mode auto: it only reads" };
  if (!sandboxed) return { decision: "ask", reason: "mode auto: there is no sandbox, so commands ask" };
  const { destructive = [], secrets = [], network = [], outside = [] } = shell?.found ?? {};
  return [destructive, secrets, network, outside].some((items) => items.length > 0)
    ? { decision: "ask", reason: "mode auto: it may reach beyond the sandbox or destroy something" }
    : { decision: "allow", reason: "mode auto: it runs inside the sandbox" };
}

/** `minimal`: tools that read files, nothing else. */
type ToolProfile = "default" | "minimal";

export type OfferOptions = {
  mode: PermissionMode;
  rules: RuleSet;
  readOnly?: boolean;
  profile?: ToolProfile;
  /** Names of `--tools`; absent: all. */
  only?: readonly string[];
};

const MINIMAL_TOOLS = new Set(["read", "grep", "glob", "ls"]);

/** The tools that are put into a model's request: none that would be refused whatever its arguments. */
export function offeredTools<Offered extends Pick<Tool, "name" | "readOnly" | "kind" | "paths">>(
  tools: readonly Offered[],
  options: OfferOptions,
): Offered[] {
  const changesRefused = options.readOnly === true || options.mode === "plan";
  const refused = options.rules.flatMap((layer) => layer.deny.filter((rule) => rule.pattern === null));
  return tools.filter((tool) => {
    if (options.only && !options.only.includes(tool.name)) return false;
    if (options.profile === "minimal" && !MINIMAL_TOOLS.has(tool.name)) return false;
    if (changesRefused && !tool.readOnly) return false;
    const names = toolNames({ name: tool.name, tool });
    return !refused.some((rule) => names.some((name) => matchesName(rule.tool, name)));
  });
}
