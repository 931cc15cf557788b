// JSON objects line by line over a child's pipes. Lines end at LF alone: JSON may hold other line separators.

import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

/** Characters of one line; an agent that sends more is no longer listened to in that line. */
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * Calls back for each line that holds a JSON object; what else a program prints is left out, and so is a line that
 * `onMessage` throws for: nobody could catch it here, and what another program says must not end us.
 */
export function readJsonLines(source: Readable, onMessage: (message: Record<string, unknown>) => void): void {
  const decoder = new StringDecoder("utf8");
  let pieces: string[] = [];
  let length = 0;
  const endLine = (): void => {
    const message = length > LONGEST_LINE ? null : parseObject(pieces.join(""));
    pieces = [];
    length = 0;
    if (message) hear(message);
  };
  const hear = (message: Record<string, unknown>): void => {
    try {
      onMessage(message);
    } catch {
      // Of a form that nobody foresaw.
    }
  };
  const add = (text: string): void => {
    length += text.length;
    if (length <= LONGEST_LINE) pieces.push(text);
    else pieces = [];
  };
  source.on("data", (chunk: Buffer) => {
    const lines = decoder.write(chunk).split("\n");
    for (const [at, text] of lines.entries()) {
      if (at > 0) endLine();
      add(text);
    }
  });
  source.on("end", endLine);
}

export function writeJsonLine(target: Writable, message: Record<string, unknown>): void {
  if (target.writable) target.write(`${JSON.stringify(message)}\n`);
}

function parseObject(line: string): Record<string, unknown> | null {
  if (!line.startsWith("{") && !line.trimStart().startsWith("{")) return null;
  try {
    return Object.fromEntries(Object.entries(JSON.parse(line)));
  } catch {
    // A log line that begins like JSON.
    return null;
  }
}
