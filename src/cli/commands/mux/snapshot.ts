// `hearth mux snapshot`: the screen of a terminal session, also of one that has ended.
import { ask } from "../../../mux/client/ask.ts";
import { findSession } from "../../../mux/folder/sessions.ts";
import type { Snapshot } from "../../../mux/host/frames.ts";
import { EXIT } from "../../exit.ts";
import { print, printJson } from "../../print-lines.ts";
import { muxFolder } from "./words.ts";

export type SnapshotFlags = { scrollback?: boolean; ansi?: boolean; json?: boolean };

export async function snapshotCommand(name: string, flags: SnapshotFlags): Promise<number> {
  const snapshot = await takeSnapshot(name, {
    scrollback: flags.scrollback === true,
    ansi: flags.ansi === true,
  });
  if (flags.json) printJson(snapshot);
  else if (snapshot.ansi !== undefined) print(snapshot.ansi);
  else print(withoutEnd(snapshot.lines).join("\n"));
  return EXIT.completed;
}

async function takeSnapshot(name: string, wish: { scrollback: boolean; ansi: boolean }): Promise<Snapshot> {
  const dir = muxFolder();
  const record = await findSession(dir, name);
  if (record.state === "running") {
    const { snapshot } = await ask(record, { type: "snapshot", ...wish });
    if (snapshot) return snapshot;
  }
  const { lastSnapshot } = await import("../../../mux/folder/last-screen.ts");
  return lastSnapshot(dir, record, wish);
}

/** Empty rows below the text are nothing to print. */
function withoutEnd(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
}
