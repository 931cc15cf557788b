// The one table of slash commands.
import { AppError } from "../../lib/app-error.ts";
import { nearest } from "../../lib/nearest.ts";
import type { Command } from "./command.ts";
import { contextCommand, roleCommand, systemCommand } from "./context.ts";
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
import { exportCommand } from "./export.ts";
import { helpCommand } from "./help.ts";
import { filesCommand, paletteCommand, promptsCommand } from "./lists.ts";
import { modelCommand, thinkingCommand } from "./model.ts";
import { keysCommand, settingsCommand, setupCommand } from "./preferences.ts";
import { processesCommand } from "./processes.ts";
import {
  initCommand,
  permissionsCommand,
  statusCommand,
  themeCommand,
  toolsCommand,
  usageCommand,
} from "./report.ts";
import {
  diffCommand,
  redoCommand,
  rewindCommand,
  snapshotCommand,
  snapshotsCommand,
  undoCommand,
} from "./rollback.ts";
import { runtimeCommand } from "./runtime.ts";
import { searchCommand } from "./search.ts";
import {
  cloneCommand,
  copyCommand,
  forkCommand,
  labelCommand,
  nameCommand,
  newCommand,
  resumeCommand,
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
  searchCommand,
  newCommand,
  forkCommand,
  cloneCommand,
  nameCommand,
  labelCommand,
  rewindCommand,
  undoCommand,
  redoCommand,
  diffCommand,
  snapshotsCommand,
  snapshotCommand,
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
  systemCommand,
  roleCommand,
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

/** Whether a command has that name, without its slash. */
export function isCommand(name: string): boolean {
  return commandOf(name) !== undefined;
}

function commandOf(name: string): Command | undefined {
  return COMMANDS.find((entry) => entry.name === name || entry.aliases?.includes(name) === true);
}

/** The command and its arguments for a line that starts with "/". Throws `command.unknown` with a suggestion. */
export function findCommand(line: string): { command: Command; args: string } {
  const match = /^\/(\S+)\s*([\s\S]*)$/.exec(line);
  const name = match?.[1] ?? "";
  const command = commandOf(name);
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
