// Frames as they go over the socket.
import fc from "fast-check";
import { expect, test } from "vitest";
import { frameLine, frameReader } from "../../../src/mux/host/frame-lines.ts";
import { ClientFrame, HostFrame } from "../../../src/mux/host/frames.ts";

test("whatever text comes in whatever pieces, the frames are the same", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), fc.integer({ min: 1, max: 9 }), (texts, size) => {
      const bytes = Buffer.from(texts.map((data) => frameLine({ type: "output", data })).join(""));
      const read = frameReader(HostFrame, 1_000_000);
      const frames: unknown[] = [];
      for (let at = 0; at < bytes.length; at += size) frames.push(...read(bytes.subarray(at, at + size)));
      const wellFormed = texts.map((data) => ({ type: "output", data: JSON.parse(JSON.stringify(data)) }));
      expect(frames).toEqual(wellFormed);
    }),
  );
});

test.for([
  ["no JSON", "hello\n"],
  ["an unknown type", '{"type":"format disk"}\n'],
  ["a size below any terminal", '{"type":"size","columns":0,"rows":24}\n'],
  ["a size above any terminal", '{"type":"size","columns":80,"rows":100000}\n'],
  ["half a column", '{"type":"size","columns":80.5,"rows":24}\n'],
  ["a missing field", '{"type":"input"}\n'],
] as const)("%s is refused", ([, line]) => {
  const read = frameReader(ClientFrame, 1_000);
  expect(() => read(Buffer.from(line))).toThrowError(expect.objectContaining({ code: "mux.frame" }));
});

test("a line without an end is not kept for ever", () => {
  const read = frameReader(ClientFrame, 1_000);
  const piece = Buffer.alloc(600, "x");
  expect(read(piece)).toEqual([]);
  expect(() => read(piece)).toThrowError(expect.objectContaining({ code: "mux.frame" }));
});
