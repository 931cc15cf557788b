// `hearth changes|apply|discard`: what a try left unsettled, without its session.
import { createInterface } from "node:readline/promises";
import { changeLine, changeLines, countChanges, settledWords } from "../../app/change-lines.ts";
import { resumeTry, type SavedTry } from "../../app/saved-try.ts";
import { processEnvironment } from "../../config/env.ts";
import { sanitizeText } from "../../lib/ansi.ts";
import { AppError } from "../../lib/app-error.ts";
import type { TryChange, TryChoice } from "../../protocol/try-change.ts";
import { enteredTry, goInside } from "../enter-try.ts";
import { EXIT } from "../exit.ts";
import { workingDirectory } from "../open-app.ts";
import { type ChatOptions, settingsOfFlags } from "../options.ts";

export type SettleFlags = { file?: string; hunk?: number; yes?: boolean };

/** `reference`: a session or a try, by id or its beginning; absent: the only one of this directory. */
export async function changesCommand(
  reference: string | undefined,
  { json, diff }: { json?: boolean; diff?: boolean },
  options: ChatOptions,
): Promise<number> {
  return withTry(reference, options, async (trial) => {
    const changes = await trial.changes();
    if (json) print(JSON.stringify(changes, null, 2));
    else if (diff) for (const change of changes) printChange(change);
    else for (const line of changeLines(changes)) print(sanitizeText(line));
    if (changes.length === 0) process.stderr.write("Nothing is left to settle.\n");
    return EXIT.completed;
  });
}

export async function applyCommand(
  reference: string | undefined,
  flags: SettleFlags,
  options: ChatOptions,
): Promise<number> {
  return withTry(reference, options, async (trial) => {
    const settlement = await trial.apply(choiceOf(flags));
    process.stderr.write(`${sanitizeText(settledWords("Applied", settlement))}\n`);
    return settlement.conflicts.length === 0 ? EXIT.completed : EXIT.failed;
  });
}

/** Asks once; without a terminal only `--yes` says so. */
export async function discardCommand(
  reference: string | undefined,
  flags: SettleFlags,
  options: ChatOptions,
): Promise<number> {
  return withTry(reference, options, async (trial) => {
    const what = flags.file ?? countChanges(await trial.changes());
    if (flags.yes !== true && !(await isSure(`Discard ${what} for good? [y/N] `))) return EXIT.interrupted;
    const settlement = await trial.discard(choiceOf(flags));
    process.stderr.write(`${sanitizeText(settledWords("Discarded", settlement))}\n`);
    return EXIT.completed;
  });
}

/** Inside it, which may take starting this program once more; what is over then is removed. */
async function withTry(
  reference: string | undefined,
  options: ChatOptions,
  use: (trial: SavedTry) => Promise<number>,
): Promise<number> {
  const trial = await resumeTry({
    reference,
    entered: enteredTry(),
    cwd: await workingDirectory(options.cwd),
    env: processEnvironment(),
    flags: settingsOfFlags(options),
    enter: goInside,
  });
  try {
    return await use(trial);
  } finally {
    await trial.leave();
  }
}

function choiceOf({ file, hunk }: SettleFlags): TryChoice {
  if (file === undefined) {
    if (hunk === undefined) return { what: "all" };
    throw new AppError("cli.conflict", "--hunk needs the file that it is a hunk of.", {
      hint: "Add --file PATH.",
    });
  }
  return hunk === undefined ? { what: "path", path: file } : { what: "hunk", path: file, number: hunk };
}

async function isSure(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new AppError("cli.confirm", "Nobody can be asked whether to discard.", { hint: "--yes discards." });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}

function printChange(change: TryChange): void {
  print(sanitizeText(changeLine(change)));
  for (const { header, lines } of change.hunks) print(sanitizeText([header, ...lines].join("\n")));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
