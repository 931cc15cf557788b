// /search: sessions by what was said in them.
import { formatAge } from "../format.ts";
import type { Command } from "./command.ts";

const SHOWN = 20;

export const searchCommand: Command = {
  name: "search",
  usage: "[words]",
  summary: "find a saved session by what was said in it",
  whileBusy: "now",
  run: (args) => Promise.resolve({ ui: { kind: "picker", picker: "search", query: args } }),
};

/** What the picker shows, as lines, for a frontend without one. */
export async function searchText(app: Parameters<Command["run"]>[1], query: string): Promise<string> {
  const found = await app.sessions.search(query, { all: false, signal: new AbortController().signal });
  const lines = found.slice(0, SHOWN).map(({ id, name, firstPrompt, modifiedMs, text }) => {
    return `${id}  ${formatAge(Date.now() - modifiedMs)} ago  ${name || firstPrompt}\n  ${text}`;
  });
  return lines.length === 0 ? "No session of this directory holds that." : lines.join("\n");
}
