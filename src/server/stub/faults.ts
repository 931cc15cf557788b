// Faults: turn a good body into one that breaks in a chosen way. Sending it is send-answer's work.
import type { Frame } from "./model-answer.ts";
import type { Fault } from "./script.ts";

/** What is sent, or done in between. */
export type Step =
  | { do: "write"; data: string | Uint8Array; delta: boolean }
  | { do: "stall"; ms: number | null }
  | { do: "reset" };

/** A character for private use that stands for the spot where bytes are broken. */
const BROKEN = "\uE0FF";
const BROKEN_UTF8 = Buffer.from(BROKEN);
const INVALID_BYTES = Buffer.from([0xff, 0xfe, 0x80]);

/** Marks the middle of a text; faultySteps turns the mark into bytes that are no UTF-8. */
export function markBrokenBytes(text: string): string {
  const middle = Math.floor(text.length / 2);
  return text.slice(0, middle) + BROKEN + text.slice(middle);
}

/** `errorFrame` is the vendor's error event, for the fault of that name. */
export function faultySteps(frames: Iterable<Frame>, fault: Fault, errorFrame: Frame): Iterable<Step> {
  switch (fault.kind) {
    case "malformed":
      return strikeOnce(frames, fault.afterDeltas, (frame) => [write(breakJson(frame.text))]);
    case "truncated":
      return cutShort(frames, fault.afterDeltas, (frame) => [
        write(frame.text.slice(0, frame.text.length / 2)),
      ]);
    case "error-event":
      return cutShort(frames, fault.afterDeltas, () => [write(errorFrame.text)]);
    case "stall": {
      const stall: Step = { do: "stall", ms: fault.ms ?? null };
      return strikeOnce(frames, fault.afterDeltas, (frame) => [stall, write(frame.text)]);
    }
    case "reset":
      if (fault.afterBytes !== undefined) return cutBytes(frames, fault.afterBytes);
      return cutShort(frames, fault.afterDeltas, () => [{ do: "reset" }]);
    case "drip":
      return drip(frames, fault.bytesPerSecond ?? 1000);
    case "invalid-utf8":
      return breakBytes(frames);
    case "close":
    case "empty":
    case "wrong-content-type":
    case "html":
    case "overflow":
      return goodSteps(frames);
  }
}

export function* goodSteps(frames: Iterable<Frame>): Generator<Step> {
  for (const frame of frames) yield { do: "write", data: frame.text, delta: frame.delta };
}

/** Replaces the frame after `after` deltas and goes on. */
function* strikeOnce(frames: Iterable<Frame>, after = 1, instead: (frame: Frame) => Step[]): Generator<Step> {
  let deltas = 0;
  let struck = false;
  for (const frame of frames) {
    if (!struck && deltas >= after) {
      struck = true;
      yield* instead(frame);
    } else {
      yield { do: "write", data: frame.text, delta: frame.delta };
    }
    if (frame.delta) deltas += 1;
  }
}

/** As strikeOnce, and nothing follows. */
function* cutShort(frames: Iterable<Frame>, after = 1, instead: (frame: Frame) => Step[]): Generator<Step> {
  let deltas = 0;
  for (const frame of frames) {
    if (deltas >= after) {
      yield* instead(frame);
      return;
    }
    yield { do: "write", data: frame.text, delta: frame.delta };
    if (frame.delta) deltas += 1;
  }
}

function* cutBytes(frames: Iterable<Frame>, limit: number): Generator<Step> {
  let left = limit;
  for (const frame of frames) {
    const data = Buffer.from(frame.text).subarray(0, left);
    left -= data.length;
    if (data.length > 0) yield { do: "write", data, delta: frame.delta };
    if (left === 0) break;
  }
  yield { do: "reset" };
}

/** Fifty small writes a second, or one byte at a time where that is too fast. */
function* drip(frames: Iterable<Frame>, bytesPerSecond: number): Generator<Step> {
  const size = Math.max(1, Math.floor(bytesPerSecond / 50));
  const ms = (size / bytesPerSecond) * 1000;
  for (const frame of frames) {
    const data = Buffer.from(frame.text);
    for (let start = 0; start < data.length; start += size) {
      yield write(data.subarray(start, start + size));
      yield { do: "stall", ms };
    }
  }
}

function* breakBytes(frames: Iterable<Frame>): Generator<Step> {
  for (const frame of frames) {
    const data = Buffer.from(frame.text);
    const at = data.indexOf(BROKEN_UTF8);
    if (at >= 0) INVALID_BYTES.copy(data, at);
    yield { do: "write", data, delta: frame.delta };
  }
}

/** Cuts the end of the JSON off but keeps the end of the event. */
function breakJson(text: string): string {
  const body = text.trimEnd();
  return body.slice(0, -4) + text.slice(body.length);
}

function write(data: string | Uint8Array): Step {
  return { do: "write", data, delta: false };
}
