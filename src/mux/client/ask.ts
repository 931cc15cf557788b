// One question to the host of a terminal session, one answer.
import { connect, type Socket } from "node:net";
import { AppError } from "../../lib/app-error.ts";
import type { SessionRecord } from "../folder/session-file.ts";
import { frameLine, frameReader, LONGEST } from "../host/frame-lines.ts";
import { type Answer, type Ask, HostFrame, VERSION } from "../host/frames.ts";

/** Hosts answer in milliseconds; one that is stopped, or on a machine that is very busy, does not. */
const PATIENCE_MS = 5_000;

/** Throws `mux.gone` where nobody listens. */
export async function openConnection({ socket: path, name }: SessionRecord): Promise<Socket> {
  const socket = connect(path);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", (cause) => {
      reject(
        new AppError("mux.gone", `Nobody answers for ${name}.`, {
          cause,
          hint: "`hearth mux list` says what became of it.",
        }),
      );
    });
  });
  // What is written to a host that ended is lost; `close` follows.
  socket.on("error", () => undefined);
  return socket;
}

/** Throws what the host refused it with, `mux.gone` when it ended before it answered, `mux.silent` when it does not in time. */
export async function ask(
  record: SessionRecord,
  question: Ask,
  { patienceMs = PATIENCE_MS }: { patienceMs?: number | null } = {},
): Promise<Answer> {
  const socket = await openConnection(record);
  const timer =
    patienceMs === null ? null : setTimeout(() => socket.destroy(silent(record.name)), patienceMs);
  try {
    socket.write(frameLine({ type: "ask", version: VERSION, ask: question }));
    const read = frameReader(HostFrame, LONGEST.host);
    for await (const chunk of socket) {
      for (const frame of read(chunk)) {
        if (frame.type === "answer") return frame.answer;
        if (frame.type === "failed") throw refusal(frame.failure);
      }
    }
    throw new AppError("mux.gone", `${record.name} ended before it answered.`, {
      hint: "`hearth mux list` says how.",
    });
  } finally {
    if (timer) clearTimeout(timer);
    socket.destroy();
  }
}

export function refusal({
  code,
  message,
  hint,
}: {
  code: string;
  message: string;
  hint?: string | undefined;
}): AppError {
  return new AppError(code, message, hint === undefined ? {} : { hint });
}

function silent(name: string): AppError {
  return new AppError("mux.silent", `${name} does not answer.`, {
    hint: `\`hearth mux end --force ${name}\` ends it all the same.`,
  });
}
