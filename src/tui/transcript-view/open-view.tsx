// Opens the transcript view in the alternate screen, over the log and the session file behind it.
import { Box, render, useInput, usePaste } from "ink";
import type { ReactNode } from "react";
import { openArchive, type SessionArchive } from "../../app/session-archive.ts";
import { LiveFrame } from "../components/live-frame.tsx";
import { holdKeys } from "../held-keys.ts";
import { INK_OPTIONS } from "../main-instance.tsx";
import { languagesLoading, languagesReady } from "../markdown/highlight.ts";
import { requestFenceLanguages } from "../markdown/render-markdown.ts";
import type { Screen } from "../screen.ts";
import { type BookItem, findSeam, type Seam, SessionBook } from "./book.ts";
import { createFreshColumns } from "./fresh-columns.ts";
import { RowCache } from "./item-strip.ts";
import { Viewer } from "./viewer.ts";

/** What is under way is drawn so often: an answer is rendered as a whole each time. */
const LIVE_MS = 200;
/** How far the reading of the file is, is shown so often. */
const PROGRESS_MS = 50;

/** `leave` is called when the person goes back, with the command to run then. Gives the function that closes it. */
export function openView(screen: Screen, leave: (command: string | null) => void): () => void {
  const { store, bindings, app } = screen;
  const release = store.log.hold();
  const cache = new RowCache();
  const { file } = app.conversation;
  const seam = findSeam(store.log.items.get(), store.log.trimmed);
  const book = new SessionBook(store.log, {
    waits: file !== null && seam !== null,
    onPage: (items) => colour(items, cache, () => viewer.draw()),
  });
  let older: Older | null = null;
  const viewer = new Viewer({
    book,
    cache,
    bindings,
    title: () => {
      const name = app.conversation.state().name || book.firstPrompt() || "transcript";
      return `hearth ${screen.view().glyphs.separator} ${name}`;
    },
    view: () => screen.view(),
    rows: () => process.stdout.rows || 24,
    progress: () => older?.progress() ?? 1,
    now: () => performance.now(),
    copy: (text) => screen.copy(text),
    isAsked: () => app.conversation.state().approvals.length > 0,
    leave,
  });
  if (file !== null && seam !== null) {
    older = openOlder(file, seam, book, (moved) => viewer.learnt(moved));
  }
  const follow = gathered(() => viewer.draw());
  const unsubscribe = [store.log.items.subscribe(follow.soon), screen.frame.subscribe(follow.soon)];
  const emptyNewColumns = createFreshColumns(process.stdout);
  const onResize = (): void => {
    emptyNewColumns();
    viewer.draw();
  };
  process.stdout.prependListener("resize", onResize);
  holdKeys();
  const { unmount } = render(<View viewer={viewer} />, { ...INK_OPTIONS, alternateScreen: true });
  return () => {
    process.stdout.off("resize", onResize);
    for (const stop of unsubscribe) stop();
    follow.stop();
    older?.close();
    viewer.close();
    unmount();
    release();
  };
}

function View({ viewer }: { viewer: Viewer }): ReactNode {
  useInput((input, key) => viewer.press(input, key));
  usePaste((text) => viewer.paste(text));
  return (
    <Box flexDirection="column">
      <LiveFrame frame={viewer.frame} />
    </Box>
  );
}

/** Several calls within a moment are one. */
function gathered(draw: () => void): { soon: () => void; stop: () => void } {
  let timer: NodeJS.Timeout | null = null;
  return {
    soon: () => {
      timer ??= setTimeout(() => {
        timer = null;
        draw();
      }, LIVE_MS);
    },
    stop: () => {
      if (timer) clearTimeout(timer);
    },
  };
}

/** Colours of languages that no code named so far come a moment after the code. */
function colour(items: readonly BookItem[], cache: RowCache, draw: () => void): void {
  for (const { item } of items) if (item.kind === "assistant") requestFenceLanguages(item.text);
  if (!languagesLoading()) return;
  void languagesReady().then(() => {
    cache.clear();
    draw();
  });
}

type Older = { progress: () => number; close: () => void };

/** Lays out what of the session is in its file alone, while the newest is on the screen already. */
function openOlder(file: string, seam: Seam, book: SessionBook, learnt: (moved: number) => void): Older {
  const stop = new AbortController();
  let archive: SessionArchive | null = null;
  const layOut = async (): Promise<void> => {
    archive = openArchive(file, seam);
    const opened = archive;
    let toldMs = 0;
    const onProgress = (): void => {
      const nowMs = performance.now();
      if (!opened.complete() && nowMs - toldMs < PROGRESS_MS) return;
      toldMs = nowMs;
      // A session that began on this screen has nothing in its file but what is shown.
      if (opened.complete() && !saysMore(opened)) learnt(book.setArchive(null, 0));
      else if (opened.pageCount() > 0) learnt(book.setArchive(opened, seam.start));
    };
    await opened.layOut({ signal: stop.signal, onProgress });
  };
  // Without the file there is what the log holds.
  void layOut().catch(() => learnt(book.setArchive(null, 0)));
  return {
    progress: () => archive?.progress() ?? 0,
    close: () => {
      stop.abort();
      archive?.close();
    },
  };
}

/** More than settings that came before the first prompt. */
function saysMore(archive: SessionArchive): boolean {
  if (archive.pageCount() > 1) return true;
  return archive.pageCount() === 1 && archive.events(0).some((event) => event.type === "message_end");
}
