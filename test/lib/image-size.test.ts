import fc from "fast-check";
import { expect, it } from "vitest";
import { imageSize } from "../../src/lib/image-size.ts";
import { samplePng } from "../support/sample-image.ts";

const bytes = (...parts: (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part))),
  );

const JPEG = bytes(
  [0xff, 0xd8],
  [0xff, 0xe0, 0, 6, 1, 2, 3, 4],
  [0xff, 0xc4, 0, 4, 9, 9],
  [0xff, 0xff, 0xc2, 0, 11, 8, 0x01, 0xe0, 0x02, 0x80, 3],
);

it.each([
  ["PNG", samplePng(640, 480)],
  ["GIF", bytes("GIF89a", [0x80, 2, 0xe0, 1, 0, 0, 0])],
  ["JPEG, behind other segments and fill bytes", JPEG],
  ["lossy WebP", bytes("RIFF....WEBPVP8 ....", [0, 0, 0, 0x9d, 1, 0x2a, 0x80, 2, 0xe0, 1])],
  ["lossless WebP", bytes("RIFF....WEBPVP8L....", [0x2f, 0x7f, 0xc2, 0x77, 0])],
  ["extended WebP", bytes("RIFF....WEBPVP8X....", [0, 0, 0, 0, 0x7f, 2, 0, 0xdf, 1, 0])],
])("reads the size of a %s file", (_, file) => {
  expect(imageSize(file)).toEqual({ width: 640, height: 480 });
});

it("knows no size of other files, of cut ones, and of none at all", () => {
  expect(imageSize(bytes("%PDF-1.7 and more bytes than a header takes"))).toBeNull();
  expect(imageSize(samplePng(640, 480).subarray(0, 20))).toBeNull();
  expect(imageSize(JPEG.subarray(0, 20))).toBeNull();
  expect(imageSize(samplePng(0, 480))).toBeNull();
  expect(imageSize(new Uint8Array())).toBeNull();
});

it("never throws, whatever follows a signature", () => {
  const signature = fc.constantFrom(
    bytes([0xff, 0xd8, 0xff]),
    bytes("GIF89a"),
    bytes("RIFF....WEBPVP8"),
    samplePng(1, 1),
  );
  fc.assert(
    fc.property(signature, fc.uint8Array({ maxLength: 64 }), (head, rest) => {
      expect(() => imageSize(Buffer.concat([head, rest]))).not.toThrow();
    }),
  );
});
