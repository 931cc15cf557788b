// What runs now and can go on in the background: calls of the agent, shell lines of the person. Pure.
import type { SessionState } from "./state.ts";

/** Names for the person, in start order. */
export function movableNames({ runningTools, shells }: SessionState): string[] {
  const calls = runningTools.filter(({ backgroundable }) => backgroundable).map(({ name }) => name);
  return [...calls, ...shells.map(({ command }) => `! ${command.split(/\s/, 1)[0] ?? ""}`)];
}

export function movedWords(names: readonly string[]): string {
  return `${names.join(", ")} ${names.length === 1 ? "goes" : "go"} on in the background: /ps shows it.`;
}
