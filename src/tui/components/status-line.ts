// The status line: one dim row that drops its least important part first when space is short.
import { formatClock, formatCost } from "../../app/format.ts";
import { answeringModel, type SessionState } from "../../app/state.ts";
import { sanitizeText } from "../../lib/ansi.ts";
import { textWidth, truncateText } from "../../lib/text-width.ts";
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
  nowMs: number;
};

/** A part and how dearly it is kept: 0 goes last. */
type Part = { text: string; rank: number };

/** The row, without trailing blanks, narrower than the window. */
export function statusRow(facts: StatusFacts, { theme, glyphs, width }: Look): string {
  const separator = ` ${glyphs.separator} `;
  let parts = statusParts(facts).filter((part) => part.text !== "");
  const room = width - 4;
  while (parts.length > 1 && joinedWidth(parts, separator) > room) {
    const dropped = Math.max(...parts.map((part) => part.rank));
    parts = parts.filter((part) => part.rank !== dropped);
  }
  const text = parts.map((part) => part.text).join(separator);
  return `  ${theme.style.dim(truncateText(text, room, glyphs.ellipsis))}`;
}

/** Thinking and window are those of our own model: of an external agent's they say nothing. */
function statusParts({ state, contextWindow, branch, background = 0, nowMs }: StatusFacts): Part[] {
  const { thinking, runtime } = state;
  const isNative = runtime === "native";
  const model = answeringModel(state);
  return [
    { text: stateText(state, nowMs), rank: 0 },
    { text: background === 0 ? "" : `${background} in background`, rank: 1.5 },
    { text: model === "" && !isNative ? "" : shortModel(model), rank: 2 },
    { text: thinking === "off" || !isNative ? "" : `thinking ${thinking}`, rank: 7 },
    { text: runtime, rank: 4 },
    { text: isNative ? contextText(state.contextTokens, contextWindow) : "", rank: 3 },
    { text: formatCost(state.usage.cost), rank: 5 },
    { text: sanitizeText(branch), rank: 6 },
    { text: state.mode, rank: 1 },
  ];
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
  return window > 0 && tokens > 0 ? `ctx ${Math.round((tokens / window) * 100)}%` : "";
}

function shortModel(model: string): string {
  return model === "" ? "no model" : sanitizeText(model.split("/").at(-1) ?? model);
}

function joinedWidth(parts: readonly Part[], separator: string): number {
  const texts = parts.reduce((sum, part) => sum + textWidth(part.text), 0);
  return texts + textWidth(separator) * (parts.length - 1);
}
