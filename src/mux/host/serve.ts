// The socket of a terminal session: who connects says what for, and is served until one side has enough.
import { chmod, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError, toFailure } from "../../lib/app-error.ts";
import type { PtySession } from "../session.ts";
import { type AnswerParts, answer, assertTakesInput } from "./answers.ts";
import { createAudience } from "./audience.ts";
import { frameLine, frameReader, LONGEST } from "./frame-lines.ts";
import { ClientFrame, type HostFrame, VERSION } from "./frames.ts";
import { createViewer, type Viewer } from "./viewer.ts";

/** How long the last words may take to reach a client that does not read. */
const LAST_WORDS_MS = 1_000;

export interface Served {
  /** Says goodbye to everyone attached, with the end of the program, and closes the socket. */
  close(): Promise<void>;
}

/** Listens at `path`, for its owner alone. Its folder is closed to others as well. */
export async function serve(path: string, name: string, session: PtySession): Promise<Served> {
  await rm(path, { force: true });
  const parts: AnswerParts = { name, session, audience: createAudience(session) };
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
    talk(socket, parts);
  });
  await listen(server, path);
  await chmod(path, 0o600);
  return {
    close: async () => {
      const end = session.ended() ?? { exitCode: null, signal: null };
      for (const viewer of parts.audience.viewers(null)) viewer.leave({ type: "ended", ...end });
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.race([closed, sleep(LAST_WORDS_MS)]);
      for (const socket of connections) socket.destroy();
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => resolve());
  });
}

/** One connection: `attach` makes it a viewer, `ask` is answered once. */
function talk(socket: Socket, parts: AnswerParts): void {
  const read = frameReader(ClientFrame, LONGEST.client);
  const gone = new AbortController();
  let viewer: Viewer | null = null;
  const send = (frame: HostFrame): void => {
    if (socket.writable) socket.write(frameLine(frame));
  };
  const fail = (error: unknown): void => {
    send({ type: "failed", failure: toFailure(error) });
    socket.destroySoon();
    // It may not read that for long: until then it must not decide the size any more.
    if (viewer) parts.audience.remove(viewer);
  };
  const take = (frame: ClientFrame): void => {
    if (viewer !== null) {
      heed(frame, viewer, parts);
      return;
    }
    if (frame.type !== "attach" && frame.type !== "ask")
      throw new AppError("mux.frame", "Nobody is attached.");
    assertVersion(frame.version);
    if (frame.type === "attach") viewer = attach(socket, frame, parts);
    else
      void answer(frame.ask, parts, gone.signal).then((result) => {
        send({ type: "answer", answer: result });
        socket.end();
      }, fail);
  };
  socket.on("data", (chunk) => {
    try {
      for (const frame of read(chunk)) take(frame);
    } catch (error) {
      fail(error);
      socket.pause();
    }
  });
  // A client that was killed: `close` follows.
  socket.on("error", () => undefined);
  socket.once("close", () => {
    gone.abort();
    if (viewer) parts.audience.remove(viewer);
  });
}

let count = 0;

function attach(
  socket: Socket,
  { pid, columns, rows }: Extract<ClientFrame, { type: "attach" }>,
  { session, audience }: AnswerParts,
): Viewer {
  count += 1;
  const size = { columns, rows };
  const viewer = createViewer(socket, { id: `c${count}`, pid, size, screen: session.screen });
  audience.add(viewer);
  return viewer;
}

function heed(frame: ClientFrame, viewer: Viewer, { name, session, audience }: AnswerParts): void {
  switch (frame.type) {
    case "input":
      try {
        assertTakesInput(name, session, audience);
        session.write(frame.text);
      } catch (error) {
        viewer.tell({ type: "refused", failure: toFailure(error) });
      }
      return;
    case "size":
      audience.resized(viewer, { columns: frame.columns, rows: frame.rows });
      return;
    case "detach":
      viewer.leave({ type: "detached" });
      audience.remove(viewer);
      return;
    case "attach":
    case "ask":
      throw new AppError("mux.frame", "This connection is attached already.");
  }
}

function assertVersion(version: number): void {
  if (version === VERSION) return;
  throw new AppError("mux.version", "This terminal session was started by another version of Hearth.", {
    hint: "Use that version with it, or end it with `hearth mux end --force`.",
  });
}
