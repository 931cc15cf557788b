// The tasks that are still open when a talk is summarised, so that no summary can forget one. Pure.
import type { Message } from "../protocol/message.ts";
import { listedLines, textOf } from "./summary-blocks.ts";

export const OPEN_TASKS = "open-tasks";

/** Of the newest list among these messages; else those that an earlier summary carried. One line each. */
export function openTasks(messages: readonly Message[]): string[] {
  for (const message of messages.toReversed()) {
    if (message.role === "system") return listedLines(OPEN_TASKS, textOf(message));
    const plan = message.role === "tool_result" && !message.isError ? planOf(message.details) : null;
    if (plan !== null) return plan;
  }
  return [];
}

/** Whether a list of tasks is among these messages. */
export function tellsTasks(messages: readonly Message[]): boolean {
  return messages.some((message) => message.role === "tool_result" && planOf(message.details) !== null);
}

/** As the todo tool leaves its list in the details. */
function planOf(details: unknown): string[] | null {
  if (typeof details !== "object" || details === null || !("plan" in details)) return null;
  const { plan } = details;
  return Array.isArray(plan) ? plan.flatMap(openLine) : null;
}

function openLine(entry: unknown): string[] {
  if (typeof entry !== "object" || entry === null || !("text" in entry && "status" in entry)) return [];
  const { text, status } = entry;
  if (typeof text !== "string" || status === "completed") return [];
  const line = text.replaceAll(/\s+/g, " ").trim();
  return [status === "in_progress" ? `${line} (in progress)` : line];
}
