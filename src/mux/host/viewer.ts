// One attached client, as the host sees it: what it is sent, and what becomes of it when it reads too slowly. The host never
// waits for one.
import type { Socket } from "node:net";
import type { Screen } from "../screen/screen.ts";
import { frameLine } from "./frame-lines.ts";
import type { HostFrame } from "./frames.ts";

/** Bytes that may wait for a client. Above, output is left out, and it gets the screen anew once it has read the rest. */
const BEHIND = 1024 * 1024;

const WHOLE_SCROLLBACK = 1_000_000;

export interface Viewer {
  readonly id: string;
  readonly pid: number;
  readonly sinceMs: number;
  size: { columns: number; rows: number };
  /** Frames that build on each other: output, changes of size. */
  follow(frame: HostFrame): void;
  /** What must arrive in any case and is small. */
  tell(frame: HostFrame): void;
  /** Sends it and closes the connection when it is out. */
  leave(frame: HostFrame): void;
}

type ViewerOptions = { id: string; pid: number; size: { columns: number; rows: number }; screen: Screen };

/** `starting`: the screen is being taken, what follows it is kept; `behind`: it reads what it has first. */
type Phase = "starting" | "following" | "behind" | "left";

export function createViewer(socket: Socket, { id, pid, size, screen }: ViewerOptions): Viewer {
  let phase: Phase = "starting";
  let kept: HostFrame[] = [];
  const send = (frame: HostFrame): void => void socket.write(frameLine(frame));
  const fallBehind = (): void => {
    phase = "behind";
    if (socket.writableLength === 0) startOver();
    else socket.once("drain", startOver);
  };
  const show = (skipped: boolean): void => {
    if (phase !== "starting") return;
    const data = screen.serialize(skipped ? 0 : WHOLE_SCROLLBACK);
    send({ type: "screen", ...screen.size(), data, skipped });
    for (const frame of kept) send(frame);
    kept = [];
    phase = "following";
  };
  const startOver = (): void => {
    if (phase !== "behind") return;
    phase = "starting";
    screen.afterwards(() => show(true));
  };
  screen.afterwards(() => show(false));
  return {
    id,
    pid,
    sinceMs: Date.now(),
    size,
    follow: (frame) => {
      if (phase === "starting") kept.push(frame);
      else if (phase === "following" && socket.writableLength > BEHIND) fallBehind();
      else if (phase === "following") send(frame);
    },
    tell: (frame) => {
      if (phase !== "left") send(frame);
    },
    leave: (frame) => {
      if (phase === "left") return;
      // Who has not seen all of it yet is shown the screen all the same.
      const wasBehind = phase === "behind";
      if (wasBehind) phase = "starting";
      show(wasBehind);
      phase = "left";
      socket.end(frameLine(frame));
    },
  };
}
