// The one table of slash commands.
import { AppError } from "../../lib/app-error.ts";
import { nearest } from "../../lib/nearest.ts";
import type { Command } from "./command.ts";
import {
  backgroundCommand,
  compactCommand,
  continueCommand,
  exitCommand,
  followUpCommand,
  pauseCommand,
  queueCommand,
  steerCommand,
  stopCommand,
} from "./control.ts";
import { helpCommand } from "./help.ts";
import { filesCommand, paletteCommand, promptsCommand } from "./lists.ts";
import { modelCommand, thinkingCommand } from "./model.ts";
import { keysCommand, settingsCommand, setupCommand } from "./preferences.ts";
import { processesCommand } from "./processes.ts";
import {
  contextCommand,
  initCommand,
  permissionsCommand,
  statusCommand,
  themeCommand,
  toolsCommand,
  usageCommand,
} from "./report.ts";
import { runtimeCommand } from "./runtime.ts";
import {
  copyCommand,
  exportCommand,
  forkCommand,
  nameCommand,
  newCommand,
  resumeCommand,
  rewindCommand,
  treeCommand,
} from "./session.ts";

import { applyCommand, changesCommand, discardCommand } from "./try.ts";
import { vimCommand } from "./vim.ts";

export const COMMANDS: readonly Command[] = [
  helpCommand(() => COMMANDS),
  modelCommand,
  thinkingCommand,
  runtimeCommand,
  resumeCommand,
  newCommand,
  forkCommand,
  nameCommand,
  rewindCommand,
  treeCommand,
  queueCommand,
  pauseCommand,
  continueCommand,
  steerCommand,
  followUpCommand,
  stopCommand,
  compactCommand,
  changesCommand,
  applyCommand,
  discardCommand,
  usageCommand,
  contextCommand,
  permissionsCommand,
  toolsCommand,
  themeCommand,
  settingsCommand,
  keysCommand,
  setupCommand,
  paletteCommand,
  filesCommand,
  promptsCommand,
  vimCommand,
  statusCommand,
  backgroundCommand,
  processesCommand,
  exportCommand,
  copyCommand,
  initCommand,
  exitCommand,
];

/** The command and its arguments for a line that starts with "/". Throws `command.unknown` with a suggestion. */
export function findCommand(line: string): { command: Command; args: string } {
  const match = /^\/(\S+)\s*([\s\S]*)$/.exec(line);
  const name = match?.[1] ?? "";
  const command = COMMANDS.find((entry) => entry.name === name || entry.aliases?.includes(name) === true);
  if (command) return { command, args: (match?.[2] ?? "").trim() };
  const near = nearest(
    name,
    COMMANDS.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])]),
  );
  throw new AppError("command.unknown", `There is no command /${name}.`, {
    hint:
      near === undefined ? "/help lists the commands." : `Did you mean /${near}? /help lists the commands.`,
  });
}
