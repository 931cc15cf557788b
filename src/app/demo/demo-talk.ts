// DemoTalk: what the scripted demo model can see of the conversation. Facts only; what it says is demo-script's.
import type { Message, ToolResultMessage } from "../../protocol/message.ts";
import type { ModelRequest } from "../../protocol/stream.ts";

export type DemoTalk = {
  /** The prompt of the run under way. */
  task: string;
  /** What the person said since the model last spoke, beside the task; null when nothing. */
  remark: string | null;
  /** Whether an earlier run came to its end. */
  isFirst: boolean;
  /** Results of this run in order, without those of calls that were skipped or interrupted. */
  results: readonly ToolResultMessage[];
  can: (tool: string) => boolean;
};

export function readTalk({ messages, tools }: Pick<ModelRequest, "messages" | "tools">): DemoTalk {
  const end = messages.findLastIndex(isFinalAnswer);
  const run = messages.slice(end + 1);
  const firstText = run.findIndex((message) => userText(message) !== null);
  const spoken = run.findLastIndex((message) => message.role === "assistant");
  const remarks = run.slice(Math.max(spoken, firstText) + 1).map(userText);
  return {
    task: (run[firstText] && userText(run[firstText])) ?? "",
    remark: remarks.filter((text) => text !== null).join("\n") || null,
    isFirst: end === -1,
    results: run.flatMap((message) => (message.role === "tool_result" && wasRun(message) ? [message] : [])),
    can: (tool) => tools.some(({ name }) => name === tool),
  };
}

export function resultText(result: ToolResultMessage): string {
  return result.content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}

/** A refusal by the person, a rule, a hook or one-shot mode, as opposed to a tool that failed. */
export function wasDenied(result: ToolResultMessage): boolean {
  return result.isError && /^not run:|denied|refused|not allowed/i.test(firstLine(resultText(result)));
}

export function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}

/** False for calls that the loop left out: skipped by a steer, stopped by the person, of a broken answer. */
function wasRun(result: ToolResultMessage): boolean {
  const leftOut = /^(?:skipped|interrupted|aborted|cancelled|not run: (?:your|the) answer)/i;
  return !(result.isError && leftOut.test(firstLine(resultText(result))));
}

function isFinalAnswer(message: Message): boolean {
  return (
    message.role === "assistant" &&
    message.stopReason === "stop" &&
    !message.content.some((part) => part.type === "tool_call")
  );
}

/** Null for anything that a person did not say. */
function userText(message: Message): string | null {
  if (message.role !== "user" || message.source === "shell" || message.source === "notice") return null;
  return message.content.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}
