// Everyone attached to one terminal session, and the size that suits them: the smallest of theirs, so that all see all of it.
import type { PtySession } from "../session.ts";
import type { HostFrame, Status } from "./frames.ts";
import type { Viewer } from "./viewer.ts";

export interface Audience {
  add(viewer: Viewer): void;
  remove(viewer: Viewer): void;
  /** The viewer's terminal has another size now. */
  resized(viewer: Viewer, size: { columns: number; rows: number }): void;
  /** A size somebody asked for by hand: it holds until the next client comes or changes its own. */
  resize(size: { columns: number; rows: number }): void;
  pause(paused: boolean): void;
  paused(): boolean;
  /** Those of this id, all where it is null. */
  viewers(id: string | null): Viewer[];
  infos(): Status["clients"];
}

export function createAudience(session: PtySession): Audience {
  const all = new Set<Viewer>();
  let paused = false;
  const follow = (frame: HostFrame): void => {
    for (const viewer of all) viewer.follow(frame);
  };
  session.onOutput((data) => follow({ type: "output", data }));
  /** The screen takes it a moment later; asked for once more meanwhile, it must not be lost. */
  let wished = session.screen.size();
  const resize = (size: { columns: number; rows: number }): void => {
    if (size.columns === wished.columns && size.rows === wished.rows) return;
    wished = size;
    session.resize(size.columns, size.rows);
    follow({ type: "resize", ...size });
  };
  const adjust = (): void => {
    const sizes = [...all].map((viewer) => viewer.size);
    if (sizes.length === 0) return;
    resize({
      columns: Math.min(...sizes.map(({ columns }) => columns)),
      rows: Math.min(...sizes.map(({ rows }) => rows)),
    });
  };
  const tellStatus = (): void => {
    for (const viewer of all) viewer.tell({ type: "status", id: viewer.id, paused, clients: all.size });
  };
  return {
    add: (viewer) => {
      all.add(viewer);
      adjust();
      tellStatus();
    },
    remove: (viewer) => {
      if (!all.delete(viewer)) return;
      adjust();
      tellStatus();
    },
    resized: (viewer, size) => {
      viewer.size = size;
      adjust();
    },
    resize,
    pause: (now) => {
      paused = now;
      tellStatus();
    },
    paused: () => paused,
    viewers: (id) => [...all].filter((viewer) => id === null || viewer.id === id),
    infos: () => [...all].map(({ id, pid, size, sinceMs }) => ({ id, pid, ...size, sinceMs })),
  };
}
