// The line to an ACP agent's program: JSON-RPC by the protocol's library, with the updates taken out before it.
import { Writable } from "node:stream";
import type { AnyMessage } from "@agentclientprotocol/sdk/unstable";
import { AppError } from "../../lib/app-error.ts";
import { byteStream } from "../../lib/byte-stream.ts";
import { fieldOf } from "../../lib/field-of.ts";
import type { PipedProcess } from "../../lib/piped-process.ts";
import { untilUnheard } from "../external/last-words.ts";
import type { PermissionAnswer } from "./permission.ts";
import { PermissionRequest } from "./wire.ts";

type Acp = typeof import("@agentclientprotocol/sdk/unstable");
export type Link = ReturnType<ReturnType<Acp["client"]>["connect"]>;

type Hearing = {
  onUpdate: (params: unknown) => void;
  onPermission: (request: PermissionRequest) => Promise<PermissionAnswer>;
  /** Of its program, or of the line to it. */
  onEnd: () => void;
};

/** What else the agent asks of us (files, terminals) was not offered, and is answered with that. */
export async function openLink(process: PipedProcess, hearing: Hearing): Promise<Link> {
  const acp: Acp = await import("@agentclientprotocol/sdk/unstable");
  const { stdin, stdout } = process;
  const { writable, readable } = acp.ndJsonStream(Writable.toWeb(stdin), byteStream(stdout));
  const asked = new Set<unknown>();
  // The library drops kinds of updates that it does not know, and answers that it waits for no more, with a line on our
  // screen.
  const transform = (message: AnyMessage, rest: { enqueue: (message: AnyMessage) => void }): void => {
    if (fieldOf(message, "method") === "session/update") hearUpdate(hearing, fieldOf(message, "params"));
    else if (fieldOf(message, "method") || asked.delete(fieldOf(message, "id"))) rest.enqueue(message);
  };
  const link = acp
    .client({ name: "hearth" })
    .onRequest("session/request_permission", PermissionRequest, ({ params }) => hearing.onPermission(params))
    .onNotification("*", () => undefined)
    .connect({
      writable: noting(writable, asked),
      readable: readable.pipeThrough(new TransformStream({ transform })),
    });
  const end = (): void => {
    hearing.onEnd();
    link.close(new AppError("runtime.crashed", "Its program ended."));
  };
  void untilUnheard(process, link.closed).then(end);
  return link;
}

/** What it throws would close the line: an update of a form that nobody foresaw is left out instead. */
function hearUpdate({ onUpdate }: Hearing, params: unknown): void {
  try {
    onUpdate(params);
  } catch {
    // The agent goes on, and so does its turn.
  }
}

/** Notes the ids of requests that are sent. */
function noting(target: WritableStream<AnyMessage>, asked: Set<unknown>): WritableStream<AnyMessage> {
  const writer = target.getWriter();
  return new WritableStream<AnyMessage>({
    write: (message) => {
      if (fieldOf(message, "method") && fieldOf(message, "id") !== undefined)
        asked.add(fieldOf(message, "id"));
      return writer.write(message);
    },
    close: () => writer.close(),
    abort: (reason) => writer.abort(reason),
  });
}
