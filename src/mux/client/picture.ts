// What a client shows: its own model of the session's screen, painted into the terminal, one picture after another.
import { setTimeout as sleep } from "node:timers/promises";
import type { HostFrame } from "../host/frames.ts";
import { createScreen, type Screen } from "../screen/screen.ts";
import { createPainter } from "./painter.ts";
import { statusRow } from "./status-row.ts";

/** Where pictures go. */
export type Canvas = {
  size: () => { columns: number; rows: number };
  /** Resolves when more can be written. */
  write: (text: string) => Promise<void>;
};

export interface Picture {
  /** Resolves when more may come: a flood waits until it is drawn. */
  take(frame: HostFrame): Promise<void>;
  /** The terminal has another size: all is painted anew. */
  repaint(): void;
  /** What brings the terminal back. */
  last(): string;
  /** Resolves when the last picture is painted. */
  close(): Promise<void>;
}

/** Pictures a second are at most 60. */
const FRAME_MS = 16;
/** How long an update that a program began is waited for. */
const UPDATE_MS = 100;

/** Characters that are not drawn yet, at which nothing more is taken until they are. */
const HOLD_ABOVE = 512 * 1024;

export function createPicture(name: string, key: string, canvas: Canvas): Picture {
  const painter = createPainter();
  const facts = { name, key, paused: false, clients: 1, message: null as string | null };
  let screen: Screen | null = null;
  let anew = false;
  const status = (of: Screen): string => statusRow({ ...facts, program: of.size() }, canvas.size().columns);
  const paint = async (): Promise<void> => {
    if (screen === null) return;
    await settled(screen);
    const wasAnew = anew;
    anew = false;
    await canvas.write(painter.paint(screen, canvas.size(), { status: status(screen), anew: wasAnew }));
    await sleep(FRAME_MS);
  };
  const frames = createFrames(paint);
  const repaint = (): void => {
    anew = true;
    frames.ask();
  };
  const show = async (frame: Extract<HostFrame, { type: "screen" }>): Promise<void> => {
    const next = createScreen(frame.columns, frame.rows);
    next.onBell(() => void canvas.write("\x07"));
    next.write(frame.data);
    await settled(next);
    next.takeScrolled();
    const before = screen;
    screen = next;
    before?.close();
    if (before === null) await canvas.write(painter.open(next, canvas.size(), status(next)));
    else repaint();
  };
  return {
    take: async (frame) => {
      if (frame.type === "screen") {
        await show(frame);
        return;
      }
      if (frame.type === "output") screen?.write(frame.data);
      if (frame.type === "resize") screen?.resize(frame.columns, frame.rows);
      if (frame.type === "resize") anew = true;
      if (frame.type === "refused") facts.message = frame.failure.message;
      if (frame.type === "status")
        Object.assign(facts, { paused: frame.paused, clients: frame.clients, message: null });
      frames.ask();
      if (screen !== null && screen.backlog() > HOLD_ABOVE) await settled(screen);
    },
    repaint,
    last: () => painter.close(canvas.size()),
    close: async () => {
      await frames.finish();
      screen?.close();
    },
  };
}

/** What was written is drawn, and an update that the program began is whole or takes too long. */
async function settled(screen: Screen): Promise<void> {
  const drawn = (): Promise<void> => new Promise((resolve) => screen.afterwards(resolve));
  await drawn();
  for (let waited = 0; screen.updating() && waited < UPDATE_MS; waited += FRAME_MS) {
    await sleep(FRAME_MS);
    await drawn();
  }
}

/** One picture after another, while there are changes. */
function createFrames(paint: () => Promise<void>): { ask: () => void; finish: () => Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  let isRunning = false;
  let asked = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    while (asked) {
      asked = false;
      await paint();
    }
    isRunning = false;
  };
  return {
    ask: () => {
      asked = true;
      if (!isRunning) running = run();
    },
    finish: () => running,
  };
}
