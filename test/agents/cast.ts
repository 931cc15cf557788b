// Cast: how the steps of a scene are put in one agent's words, so that the stub can play its model.
import type { Fault, Reply, ScriptInput } from "../../src/server/stub/script.ts";

/** What the model does in one answer. A call is answered in the next step. */
export type Step =
  | { say: string; thinking?: string }
  /** Runs shell commands in the workspace: calls of one answer. */
  | { run: string | readonly string[] }
  /** Makes a file, or replaces it. */
  | { write: string; content: string }
  /** Says this, then nothing more until it is stopped. */
  | { hold: string }
  /** The service refuses this and every later request with that status, `say` its message. */
  | { fail: number; say: string };

type ToolCall = { name: string; arguments: Record<string, unknown> | string };

export type Cast = {
  /** A tool that is offered in the agent's own turns and never where it asks for a title or a judgement. */
  offers: string;
  run: (command: string) => ToolCall;
  write: (path: string, content: string) => ToolCall;
};

/** Said when the agent asks more often than the scene has steps: a case that sees it fails. */
const OVER = "THE SCENE IS OVER";
/** The answer to whatever an agent asks beside its turns. */
const ASIDE = "aside";

/** `dir` is the workspace: some agents want absolute paths. */
export function sceneScript(cast: Cast, dir: string, steps: readonly Step[]): ScriptInput {
  const when = { offers: cast.offers };
  const rules = steps.map((step) => {
    const times = "fail" in step ? {} : { times: 1 };
    return { when, ...times, reply: replyOf(cast, dir, step) };
  });
  return { rules: [...rules, { when, reply: OVER }, { when: {}, reply: ASIDE }] };
}

function replyOf(cast: Cast, dir: string, step: Step): Omit<Reply, "fault"> & { fault?: Fault } {
  if ("fail" in step) return { status: step.fail, text: step.say };
  if ("say" in step) {
    const { say: text, thinking } = step;
    return thinking === undefined ? { text } : { thinking, text };
  }
  if ("run" in step) return { text: "I run it.", toolCalls: [step.run].flat().map(cast.run) };
  if ("write" in step) return { toolCalls: [cast.write(`${dir}/${step.write}`, step.content)] };
  return { text: `${step.hold} `.repeat(8), fault: { kind: "stall", afterDeltas: 1 } };
}
