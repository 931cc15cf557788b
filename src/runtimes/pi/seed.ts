// Our conversation as a session of pi's own: written where pi keeps its sessions, then opened by it.
import { rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fieldOf } from "../../lib/field-of.ts";
import { uuidOf } from "../../session/export/foreign-ids.ts";
import { piFileName, piSessionLines } from "../../session/export/pi.ts";
import { talkOfHistory } from "../../session/export/talk.ts";
import { writeExport } from "../../session/export/write-export.ts";
import type { HistoryEntry } from "../runtime.ts";
import type { PiLink } from "./link.ts";
import { State } from "./wire.ts";

type SeedOptions = { link: PiLink; cwd: string; history: readonly HistoryEntry[] };

/** False where it could not be done: pi then has a new session as before. Never throws. */
export async function seedSession({ link, cwd, history }: SeedOptions): Promise<boolean> {
  let written: string | null = null;
  try {
    const now = await link.ask({ type: "get_state" });
    const file = fieldOf(now, "sessionFile");
    if (typeof file !== "string") return false;
    const { model, thinkingLevel } = State.parse(now);
    const time = new Date().toISOString();
    const { path, id } = await freePlace(dirname(file), history, time);
    const parts = talkOfHistory(history, time);
    // Its model stays the one it has, whoever answered before.
    const end = { ...(model ? { model } : {}), ...(thinkingLevel === "" ? {} : { thinkingLevel }) };
    written = path;
    await writeExport(path, piSessionLines(parts, { id, cwd, time, ...end }));
    await link.ask({ type: "switch_session", sessionPath: path });
    const opened = State.parse(await link.ask({ type: "get_state" }));
    return opened.sessionId === id && opened.messageCount > 0;
  } catch {
    // It is told the conversation in words then.
    if (written !== null) await rm(written, { force: true }).catch(() => undefined);
    return false;
  }
}

/** A file is never written twice: pi may have gone on in it. */
async function freePlace(folder: string, history: readonly HistoryEntry[], time: string) {
  for (let attempt = 0; ; attempt++) {
    const id = uuidOf("pi", history.at(-1)?.id ?? "", time, `${attempt}`);
    const path = join(folder, piFileName(time, id));
    if (!(await stat(path).catch(() => null))) return { path, id };
  }
}
