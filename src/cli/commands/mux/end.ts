// `hearth mux end` and `hearth mux rm`.
import { AppError } from "../../../lib/app-error.ts";
import { ask } from "../../../mux/client/ask.ts";
import { removeFiles, type SessionRecord } from "../../../mux/folder/session-file.ts";
import { findSession, untilHostGone } from "../../../mux/folder/sessions.ts";
import { endSilentHost } from "../../../mux/folder/silent-host.ts";
import { EXIT } from "../../exit.ts";
import { tell } from "../../print-lines.ts";
import { endWords, muxFolder, runningSession } from "./words.ts";

/** One that has ended already is no failure: what was wanted is so. */
export async function endCommand(name: string, { force = false }: { force?: boolean }): Promise<number> {
  const record = await findSession(muxFolder(), name);
  if (record.state !== "running") {
    tell(`${name} had ended: ${endWords(record)}.`);
    return EXIT.completed;
  }
  tell(await endRunning(await runningSession(name), force));
  return EXIT.completed;
}

async function endRunning(record: SessionRecord, force: boolean): Promise<string> {
  const { name } = record;
  try {
    const { end } = await ask(record, { type: "end", force });
    await untilHostGone(muxFolder(), name);
    return end ? `Ended ${name}: ${endWords(end)}.` : `Ended ${name}.`;
  } catch (error) {
    const isSilent =
      error instanceof AppError && ["mux.silent", "mux.gone", "mux.version"].includes(error.code);
    if (!force || !isSilent) throw error;
    await endSilentHost(muxFolder(), record);
    return `Ended ${name} and the process behind it, which did not answer.`;
  }
}

export async function removeCommand(name: string): Promise<number> {
  const dir = muxFolder();
  const record = await findSession(dir, name);
  if (record.state === "running") {
    throw new AppError("mux.running", `${name} is still running.`, {
      hint: `\`hearth mux end ${name}\` ends it first.`,
    });
  }
  await removeFiles(dir, record);
  tell(`Removed ${name}.`);
  return EXIT.completed;
}
