// Bytes of a socket into frames and back. Knows no socket.
import type * as z from "zod/mini";
import { AppError } from "../../lib/app-error.ts";
import type { ClientFrame, HostFrame } from "./frames.ts";

/** Bytes of a line. A client types; a host sends whole scrollbacks: 10,000 coloured lines of 1000 columns and more. */
export const LONGEST = { client: 1024 * 1024, host: 256 * 1024 * 1024 } as const;

const LINE_FEED = 10;

export function frameLine(frame: ClientFrame | HostFrame): string {
  return `${JSON.stringify(frame)}\n`;
}

/** Takes chunks, gives the frames that are whole. Throws `mux.frame` for what is none, or is longer than `longest`. */
export function frameReader<T>(
  schema: { safeParse: (value: unknown) => z.core.util.SafeParseResult<T> },
  longest: number,
): (chunk: Uint8Array) => T[] {
  let pieces: Uint8Array[] = [];
  let length = 0;
  return (chunk) => {
    const frames: T[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      pieces.push(chunk.subarray(start, end));
      frames.push(parseFrame(schema, Buffer.concat(pieces).toString("utf8")));
      pieces = [];
      length = 0;
      start = end + 1;
    }
    if (start < chunk.length) {
      pieces.push(chunk.subarray(start));
      length += chunk.length - start;
    }
    if (length > longest) throw new AppError("mux.frame", "The other side sent a line without an end.");
    return frames;
  };
}

function parseFrame<T>(
  schema: { safeParse: (value: unknown) => z.core.util.SafeParseResult<T> },
  line: string,
): T {
  const parsed = schema.safeParse(parseJson(line));
  if (parsed.success) return parsed.data;
  throw new AppError("mux.frame", "The other side sent something that is not understood.", {
    hint: "It may be another version of Hearth: end the terminal session and start it again.",
    cause: parsed.error,
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // No frame is undefined: the schema refuses it.
    return undefined;
  }
}
