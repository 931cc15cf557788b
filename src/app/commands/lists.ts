// Commands that open a list and do nothing else: /palette /files /prompts.
import type { Command } from "./command.ts";

export const paletteCommand: Command = {
  name: "palette",
  summary: "find a command or a key",
  whileBusy: "now",
  run: () => Promise.resolve({ ui: { kind: "picker", picker: "command" } }),
};

export const filesCommand: Command = {
  name: "files",
  summary: "find a file and mention it",
  whileBusy: "now",
  run: () => Promise.resolve({ ui: { kind: "picker", picker: "file" } }),
};

export const promptsCommand: Command = {
  name: "prompts",
  summary: "find an earlier prompt of this project",
  whileBusy: "now",
  run: () => Promise.resolve({ ui: { kind: "picker", picker: "prompt" } }),
};
