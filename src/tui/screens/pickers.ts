// The lists there are to choose from, all in the same picker: their titles. What they hold is loaded when one opens.
import type { PickerName } from "../../app/commands/command.ts";
import type { Desk } from "../desk.ts";
import { runPicker } from "../pickers/picker-run.ts";

const TITLES: Readonly<Record<PickerName, string>> = {
  model: "choose a model",
  session: "resume a session",
  search: "search sessions",
  run: "go back to the end of",
  snapshot: "the files as they were",
  runtime: "hand the conversation to",
  role: "give the model a role",
  system: "the system prompt, part by part",
  theme: "choose a theme",
  "permission-mode": "permissions",
  tree: "the runs of this session",
  command: "commands",
  file: "mention a file",
  prompt: "earlier prompts",
  changes: "what the try would change",
};

/** `query`: what stands in the filter already. */
export function showPicker(desk: Desk, name: PickerName, query = ""): void {
  const load = async () => (await import("../pickers/sources.ts")).SOURCES[name](desk);
  runPicker(desk, TITLES[name], load, query);
}
