// The steps and calls of one turn of an external agent, as the translator keeps them. Pure.
import type { OutputContent } from "../../protocol/content.ts";
import type { Failure } from "../../protocol/failure.ts";
import type { StopReason, ToolResultMessage } from "../../protocol/message.ts";
import type { Usage } from "../../protocol/usage.ts";
import type { TextDiff, ToolNaming } from "./connection.ts";

/** How a turn ended, for its last message and for what it left open. */
export type TurnClose = { stopReason: StopReason; usage: Usage | null; error?: Failure; openCalls: string };

/** A tool call of this turn. `naming` no longer changes once the message that holds it is closed. */
export type Call = {
  /** Ours: the agent's own, but for one that it used before in this session. */
  id: string;
  naming: ToolNaming;
  step: Step;
  part: number;
  /** The fullest it gave: some agents give whole files with the question and regions with the result. */
  diffs: TextDiff[];
  /** The output as shown so far. */
  output: string;
  startedMs: number | null;
  ended: boolean;
  result: ToolResultMessage | null;
  /** The gate was asked for it. */
  judged: boolean;
  refused: boolean;
};

/** A call that ended without the gate having been asked for it. */
export type UnaskedCall = { id: string; naming: ToolNaming };

/**
 * One assistant message and the results of its calls. They are recorded in the order in which models know them
 * (message, results, next message), even where the agent's calls overlap.
 */
export type Step = {
  number: number;
  messageId: string;
  content: OutputContent[];
  calls: Call[];
  /** Its content is complete. */
  closed: boolean;
  recorded: boolean;
  close: TurnClose | null;
  usage: Usage | null;
  /** Records what a person said after this step and before the next. */
  after: (() => Promise<unknown>)[];
};

/** Results are recorded in call order, so only the finished ones at the front count. */
export function doneCalls(step: Step): number {
  const open = step.calls.findIndex((call) => call.result === null);
  return open < 0 ? step.calls.length : open;
}

/** An agent announces a call before its arguments are there. */
export function hasInput({ naming, ended }: Call): boolean {
  return !ended && Object.keys(naming.arguments).length > 0;
}

export function fullerDiffs(before: TextDiff[], given: readonly TextDiff[]): TextDiff[] {
  const size = (diffs: readonly TextDiff[]) => JSON.stringify(diffs).length;
  return given.length > 0 && size(given) >= size(before) ? [...given] : before;
}
