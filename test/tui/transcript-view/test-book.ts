// A book over a real session file: the newest runs in the log, the rest in the archive.

import { openArchive } from "../../../src/app/session-archive.ts";
import type { TranscriptItem } from "../../../src/app/transcript-item.ts";
import type { Message } from "../../../src/protocol/message.ts";
import { readBranch } from "../../../src/session/read.ts";
import { replayEvents } from "../../../src/session/replay.ts";
import { createSession } from "../../../src/session/store.ts";
import { TranscriptFeed } from "../../../src/tui/transcript/feed.ts";
import { TranscriptLog } from "../../../src/tui/transcript/log.ts";
import { findSeam, SessionBook } from "../../../src/tui/transcript-view/book.ts";
import { answer, storeContext, writeRun } from "../../support/session-entries.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

export type TestRun = { prompt: string; messages?: Message[] };

/** `logged`: how many of the newest runs the log holds, of which `trimmed` items are gone again. */
export async function openBook(
  runs: readonly TestRun[],
  { logged, trimmed = 0, opens = true }: { logged: number; trimmed?: number; opens?: boolean },
) {
  const dir = await temporaryFolder();
  const store = createSession({ dir, cwd: "/w", ...storeContext() });
  for (const { prompt, messages } of runs) {
    await writeRun(store, prompt, ...(messages ?? [answer(`answer to ${prompt}`)]));
  }
  await store.close();
  const branch = await readBranch(store.path ?? "", { whole: true });
  const log = new TranscriptLog(() => 0);
  for (const event of replayEvents(branch, { runs: logged })) log.apply(event);
  if (trimmed > 0) {
    log.items.set(log.items.get().slice(trimmed));
    log.trimmed = true;
  }
  const book = new SessionBook(log, { waits: true, onPage: () => undefined });
  const open = async (): Promise<number> => {
    const seam = findSeam(log.items.get(), log.trimmed);
    if (seam === null) return book.setArchive(null, 0);
    const archive = openArchive(store.path ?? "", seam);
    await archive.layOut({ signal: new AbortController().signal, onProgress: () => undefined });
    return book.setArchive(archive, seam.start);
  };
  if (opens) await open();
  return { book, log, open, items: itemsOf(branch) };
}

/** All items of a branch, in order. */
function itemsOf(branch: Parameters<typeof replayEvents>[0]): TranscriptItem[] {
  const feed = new TranscriptFeed(() => 0);
  return [...replayEvents(branch)].flatMap((event) => {
    feed.apply(event);
    return feed.takeItems();
  });
}
