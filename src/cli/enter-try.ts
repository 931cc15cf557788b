// Entering and leaving a try: the program may become one that sees the workspace through an overlay, as the same process.
import type { TryStart } from "../app/try-start.ts";
import { processEnvironment, readVariable } from "../config/env.ts";
import { sanitizeText } from "../lib/ansi.ts";
import { AppError } from "../lib/app-error.ts";
import { sessionWish, workingDirectory } from "./open-app.ts";
import type { ChatOptions } from "./options.ts";

/** Tells the program that was started inside which try it is. Children never see it. */
const ENTERED = "HEARTH_TRY";
/** Which session was chosen on the screen; the command line says another. */
const SESSION = "HEARTH_TRY_SESSION";
const SHOWN_LINES = 12;

/** The options with the try that this start works in, if any; may become another program. Throws `try.*`, `cli.conflict`. */
export async function enterTry(options: ChatOptions, { picker }: { picker: boolean }): Promise<ChatOptions> {
  const isSaved = options.continue === true || options.resume !== undefined || options.fork !== undefined;
  if (options.try !== true && !isSaved) return options;
  refuseConflicts(options);
  const entered = enteredTry();
  if (entered !== undefined) return { ...options, trial: entered };
  const env = processEnvironment();
  const { settingsOfFlags } = await import("./options.ts");
  const { startTry } = await import("../app/try-start.ts");
  const start = await startTry({
    cwd: await workingDirectory(options.cwd),
    env,
    flags: settingsOfFlags(options),
    ...(options.config === undefined ? {} : { settingsFile: options.config }),
    wished: options.try === true,
    session: sessionWish(options, picker),
  });
  if (start === null) return options;
  await goInside(
    start,
    options.chosen === true && typeof options.resume === "string" ? options.resume : undefined,
  );
  return { ...options, trial: start.id };
}

export type ChatStart = { prompt?: string | undefined; options: ChatOptions };

/** Started inside the try of a session that was chosen on the screen, this process goes on with that alone. */
export function startedAnew(start: ChatStart): ChatStart {
  const session = readVariable(processEnvironment(), SESSION);
  return session === undefined ? start : { options: resuming(start.options, session) };
}

/** The same start for another session: nothing that was said or wished for the first one is said again. */
export function resuming(options: ChatOptions, session: string): ChatOptions {
  const {
    continue: _continue,
    fork: _fork,
    name: _name,
    image: _image,
    try: _try,
    trial: _trial,
    ...others
  } = options;
  return { ...others, resume: session, chosen: true };
}

/** The try that this process was started inside. */
export function enteredTry(): string | undefined {
  return readVariable(processEnvironment(), ENTERED);
}

/** Does not return where the way in is to become another program. */
export async function goInside({ id, entrance }: TryStart, session?: string): Promise<void> {
  if (entrance === null) return;
  const { replaceProcess } = await import("../lib/replace-process.ts");
  const known = Object.entries(processEnvironment()).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  replaceProcess(entrance.file, entrance.args, {
    ...Object.fromEntries(known),
    [ENTERED]: id,
    ...(session === undefined ? {} : { [SESSION]: session }),
  });
}

/** At the very end: what is left, and how to go on with it. */
export async function tellLeft({ trial }: ChatOptions, write: (text: string) => void): Promise<void> {
  if (trial === undefined) return;
  const { leaveTry } = await import("../app/saved-try.ts");
  const left = await leaveTry(trial, { env: processEnvironment() });
  if (left.length === 0) return;
  const { changeLines, countChanges } = await import("../app/change-lines.ts");
  const all = changeLines(left);
  const lines =
    all.length <= SHOWN_LINES ? all : [...all.slice(0, SHOWN_LINES), `and ${all.length - SHOWN_LINES} more`];
  const wait = all.length === 1 ? "waits" : "wait";
  write(
    `hearth: ${countChanges(left)} ${wait} in the try; the workspace is untouched.\n${lines.map((line) => `  ${sanitizeText(line)}\n`).join("")}`,
  );
  write(`hint: \`hearth changes ${trial}\` shows them, \`hearth apply ${trial}\` takes them over.\n`);
}

function refuseConflicts({ try: wished, session, demo }: ChatOptions): void {
  if (wished !== true || (session && demo !== true)) return;
  const [other, hint] =
    demo === true
      ? ["--demo", "The example project is a copy of its own already."]
      : ["--no-session", "What a try changed is kept with its session."];
  throw new AppError("cli.conflict", `--try and ${other} cannot be used together.`, { hint });
}
