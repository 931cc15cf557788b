// A terminal session in a person's own terminal: keys go there, its screen comes here. The model of the screen is ours, the
// terminal is only painted, so that windows of every size and several at once show the same.
import type { Socket } from "node:net";
import { AppError } from "../../lib/app-error.ts";
import { isErrorCode } from "../../lib/error-code.ts";
import type { SessionRecord } from "../folder/session-file.ts";
import { frameLine, frameReader, LONGEST } from "../host/frame-lines.ts";
import { type ClientFrame, HostFrame, VERSION, withinLimits } from "../host/frames.ts";
import { openConnection, refusal } from "./ask.ts";
import type { DetachKey } from "./detach-key.ts";
import { type OuterTerminal, takeTerminal } from "./outer-terminal.ts";
import { programRows } from "./painter.ts";
import { createPicture } from "./picture.ts";

export type AttachOptions = {
  terminal: OuterTerminal;
  key: DetachKey;
  /** Detaches as the key does. */
  signal: AbortSignal;
};

/** `detached`: by the key, by the signal, or by somebody else. */
export type AttachEnd =
  | { why: "detached" }
  | { why: "ended"; exitCode: number | null; signal: string | null };

/** Resolves when it is over; the terminal is given back by then. Throws `mux.lost` when the host was killed. */
export async function attach(record: SessionRecord, options: AttachOptions): Promise<AttachEnd> {
  const socket = await openConnection(record);
  const view = createView(record, socket, options);
  const leave = (): void => view.leave();
  options.signal.addEventListener("abort", leave, { once: true });
  try {
    return await follow(record, socket, view);
  } finally {
    options.signal.removeEventListener("abort", leave);
    socket.destroy();
    await view.close();
  }
}

async function follow(record: SessionRecord, socket: Socket, view: View): Promise<AttachEnd> {
  const read = frameReader(HostFrame, LONGEST.host);
  try {
    for await (const chunk of socket) {
      for (const frame of read(chunk)) {
        if (frame.type === "detached") return { why: "detached" };
        if (frame.type === "ended") return { why: "ended", exitCode: frame.exitCode, signal: frame.signal };
        await view.take(frame);
      }
    }
  } catch (error) {
    // A host that is killed in the midst of reading resets the connection.
    if (!isErrorCode(error, "ECONNRESET", "EPIPE")) throw error;
  }
  if (view.left()) return { why: "detached" };
  throw new AppError("mux.lost", `The process behind ${record.name} is gone, and its program with it.`, {
    hint: "`hearth mux list` shows what is left.",
  });
}

interface View {
  take(frame: HostFrame): Promise<void>;
  /** Asks the host to let us go. */
  leave(): void;
  left(): boolean;
  close(): Promise<void>;
}

function createView({ name }: SessionRecord, socket: Socket, { terminal, key }: AttachOptions): View {
  let left = false;
  const send = (frame: ClientFrame): void => void socket.write(frameLine(frame));
  const leave = (): void => {
    left = true;
    send({ type: "detach" });
    socket.end();
  };
  const taken = takeTerminal(terminal, key, {
    onText: (text) => send({ type: "input", text }),
    onLeave: leave,
    onResize: () => {
      send({ type: "size", ...programSize(taken.size()) });
      picture.repaint();
    },
    last: () => picture.last(),
  });
  const picture = createPicture(name, key.name, taken);
  send({ type: "attach", version: VERSION, pid: process.pid, ...programSize(taken.size()) });
  return {
    take: async (frame) => {
      if (frame.type === "failed") throw refusal(frame.failure);
      await picture.take(frame);
    },
    leave,
    left: () => left,
    close: async () => {
      try {
        await picture.close();
      } finally {
        taken.giveBack();
      }
    },
  };
}

/** What a terminal has for the program beside our own row. */
function programSize({ columns, rows }: { columns: number; rows: number }): {
  columns: number;
  rows: number;
} {
  return withinLimits({ columns, rows: programRows(rows) });
}
