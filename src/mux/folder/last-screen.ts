// The screen that a program left when it ended, as its host wrote it down.
import { readFile } from "node:fs/promises";
import { AppError } from "../../lib/app-error.ts";
import type { Snapshot } from "../host/frames.ts";
import { snapshotOf } from "../host/snapshot.ts";
import { createScreen } from "../screen/screen.ts";
import { type SessionRecord, sessionFiles } from "./session-file.ts";

/** Throws `mux.screen` where there is none: its host was killed. */
export async function lastSnapshot(
  dir: string,
  { name, columns, rows }: SessionRecord,
  wish: { scrollback: boolean; ansi: boolean },
): Promise<Snapshot> {
  const text = await readFile(sessionFiles(dir, name).screen, "utf8").catch((cause: unknown) => {
    throw new AppError("mux.screen", `The last screen of ${name} was not kept.`, {
      hint: "That happens when the process behind it is killed.",
      cause,
    });
  });
  const screen = createScreen(columns, rows);
  screen.write(text);
  await new Promise<void>((resolve) => screen.afterwards(resolve));
  const snapshot = snapshotOf(screen, wish);
  screen.close();
  return snapshot;
}
