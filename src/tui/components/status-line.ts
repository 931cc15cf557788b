// The status line: one dim row, as a template has it: the person's own, or ours.
import { formatClock, formatCost, formatTokens } from "../../app/format.ts";
import { answeringModel, type SessionState } from "../../app/state.ts";
import { programVersion } from "../../app/version.ts";
import { sanitizeText } from "../../lib/ansi.ts";
import {
  DEFAULT_TEMPLATE,
  fillTemplate,
  parseTemplate,
  type StatusTemplate,
  type StatusValues,
} from "../status/template.ts";
import { isHeld } from "./is-held.ts";
import type { Look } from "./look.ts";

export type StatusFacts = {
  state: SessionState;
  /** Tokens the model can hold; 0 when not known. */
  contextWindow: number;
  /** Branch of the workspace, with `*` when it has changes; empty outside git. */
  branch: string;
  /** Background processes that run. */
  background?: number;
  /** The session is only looked at. */
  readOnly?: boolean;
  nowMs: number;
  /** Name of the working directory. */
  folder?: string;
  /** The session works in a try. */
  trying?: boolean;
  /** The mode of the input; empty where it has none. */
  editing?: string;
};

const USUAL = parseTemplate(DEFAULT_TEMPLATE);

/** The row, without trailing blanks, narrower than the window. */
export function statusRow(
  facts: StatusFacts,
  { theme, glyphs, width }: Look,
  template: StatusTemplate = USUAL,
): string {
  const room = { width: width - 4, dot: glyphs.separator, ellipsis: glyphs.ellipsis };
  const text = fillTemplate(template, statusValues(facts), room);
  return text === "" ? "" : `  ${theme.style.dim(text)}`;
}

/** Thinking and window are those of our own model: of an external agent's they say nothing. */
function statusValues({
  state,
  contextWindow,
  branch,
  nowMs,
  folder = "",
  editing = "",
  background = 0,
  readOnly = false,
  trying = false,
}: StatusFacts): StatusValues {
  const { thinking } = state;
  const runtime = state.run?.runtime ?? state.runtime;
  const isNative = runtime === "native";
  const model = answeringModel(state);
  const queued = state.queue.filter((item) => item.kind !== "pause").length;
  return {
    state: readOnly ? "read-only" : stateText(state, nowMs),
    editing,
    background: background === 0 ? "" : `${background} in background`,
    model: model === "" && !isNative ? "" : shortModel(model),
    thinking: thinking === "off" || !isNative ? "" : thinking,
    runtime: sanitizeText(runtime),
    role: isNative ? oneLine(state.role) : "",
    context: isNative ? contextText(state.contextTokens, contextWindow) : "",
    tokens: state.contextTokens > 0 ? formatTokens(state.contextTokens) : "",
    cost: formatCost(state.usage.cost),
    branch: oneLine(branch),
    mode: state.mode,
    try: trying ? "try" : "",
    queue: queued === 0 ? "" : `${queued} queued`,
    session: oneLine(state.name),
    folder: oneLine(folder),
    version: programVersion(),
  };
}

function oneLine(text: string): string {
  return sanitizeText(text).replaceAll(/\s+/g, " ").trim();
}

function stateText(state: SessionState, nowMs: number): string {
  if (state.starting !== "") return `starting ${state.starting}`;
  const shell = state.shells.at(-1);
  if (shell && !state.run) {
    return `running ! ${commandName(shell.command)} ${formatClock(nowMs - shell.startedMs)}`;
  }
  const clock = state.run ? ` ${formatClock(nowMs - state.run.startedMs)}` : "";
  switch (state.state) {
    case "idle":
      return isHeld(state) ? "paused" : "idle";
    case "streaming":
      return `streaming${clock}`;
    case "running_tools":
      return `running ${state.runningTools.at(-1)?.name ?? "tools"}${clock}`;
    case "awaiting_approval":
      return `asking you${clock}`;
    case "paused":
      return "paused";
    case "compacting":
      return `compacting${clock}`;
    case "retrying":
      return `retrying${clock}`;
  }
}

function commandName(command: string): string {
  return sanitizeText(command.split(/\s/, 1)[0] ?? "").slice(0, 20);
}

function contextText(tokens: number, window: number): string {
  return window > 0 && tokens > 0 ? String(Math.round((tokens / window) * 100)) : "";
}

function shortModel(model: string): string {
  return model === "" ? "no model" : sanitizeText(model.split("/").at(-1) ?? model);
}
