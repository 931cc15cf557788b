import { inflateSync } from "node:zlib";
import jpeg from "jpeg-js";
import sixel from "sixel";
import { expect, it } from "vitest";
import type { ImageContent } from "../../../src/protocol/content.ts";
import { encodeImage } from "../../../src/tui/images/encode-image.ts";
import { decodePixels, shrinkPixels } from "../../../src/tui/images/pixels.ts";
import { samplePng } from "../../support/sample-image.ts";

const cell = { width: 10, height: 20 };
const png = (width: number, height: number): ImageContent => ({
  type: "image",
  mimeType: "image/png",
  data: samplePng(width, height, [200, 80, 40]).toString("base64"),
});

function jpegOf(width: number, height: number): ImageContent {
  const data = Buffer.alloc(width * height * 4, Buffer.from([200, 80, 40, 255]));
  return {
    type: "image",
    mimeType: "image/jpeg",
    data: jpeg.encode({ width, height, data }, 90).data.toString("base64"),
  };
}

it.each([
  ["PNG", png(60, 40)],
  ["JPEG", jpegOf(60, 40)],
])("a %s file is drawn in sixels that show its colour, as large as its box", async (_, image) => {
  const box = { columns: 3, rows: 1 };
  const sequence = (await encodeImage(image, { protocol: "sixel", box, cell })) ?? "";
  expect(sequence).toMatch(/^\x1bP0;1;q[ -~]*\x1b\\$/);
  const { width, height, data32 } = sixel.decode(Buffer.from(sequence.slice(8, -2), "latin1"));
  expect([width, height]).toEqual([30, 20]);
  const pixel = data32[width * 10 + 15] ?? 0;
  for (const [shift, wanted] of [
    [0, 200],
    [8, 80],
    [16, 40],
  ] as const) {
    expect(Math.abs(((pixel >> shift) & 255) - wanted)).toBeLessThan(12);
  }
});

it("a JPEG file goes to kitty as compressed pixels", async () => {
  const box = { columns: 3, rows: 1 };
  const sequence = (await encodeImage(jpegOf(60, 40), { protocol: "kitty", box, cell })) ?? "";
  expect(sequence).toMatch(/^\x1b_Ga=T,f=32,o=z,s=30,v=20,t=d,q=2,C=1,r=1,m=0;/);
  const data = Buffer.from(sequence.replace(/^[^;]*;/, "").replace("\x1b\\", ""), "base64");
  expect(inflateSync(data)).toHaveLength(30 * 20 * 4);
});

it("images that would hold the screen up, other formats and broken files are not decoded", async () => {
  expect(await decodePixels(png(4_000, 4_000))).toBeNull();
  expect(
    await decodePixels({ type: "image", mimeType: "image/gif", data: "R0lGODlhAQABAAAAACw=" }),
  ).toBeNull();
  const cut = Buffer.from(png(60, 40).data, "base64").subarray(0, 45).toString("base64");
  await expect(decodePixels({ ...png(1, 1), data: cut })).rejects.toThrow();
});

it("a smaller picture has the mean of its colours, transparent ones left out", () => {
  const data = Uint8Array.from([255, 0, 0, 255, 0, 0, 255, 255, 9, 9, 9, 0, 0, 200, 0, 255]);
  expect(shrinkPixels({ width: 4, height: 1, data }, { width: 2, height: 9 })).toEqual({
    width: 2,
    height: 1,
    data: Uint8Array.from([128, 0, 128, 255, 0, 200, 0, 128]),
  });
  const same = { width: 4, height: 1, data };
  expect(shrinkPixels(same, { width: 9, height: 9 })).toBe(same);
});
