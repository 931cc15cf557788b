import { describe, expect, it } from "vitest";
import { textWidth } from "../../../src/lib/text-width.ts";
import type { ImageContent } from "../../../src/protocol/content.ts";
import { encodeImage } from "../../../src/tui/images/encode-image.ts";
import { fitImage, USUAL_CELL } from "../../../src/tui/images/image-box.ts";
import { imageProtocol } from "../../../src/tui/images/image-protocol.ts";
import { InlineImages } from "../../../src/tui/images/inline-images.ts";
import { picturesOf } from "../../../src/tui/images/picture.ts";
import { samplePng } from "../../support/sample-image.ts";

const image = (width: number, height: number): ImageContent => ({
  type: "image",
  mimeType: "image/png",
  data: samplePng(width, height).toString("base64"),
});
const place = { box: { columns: 32, rows: 12 }, cell: USUAL_CELL };
const size = () => ({ columns: 80, rows: 30 });

describe("the way of showing images", () => {
  it.each([
    ["kitty", { TERM: "xterm-kitty" }],
    ["kitty", { TERM: "xterm-256color", KITTY_WINDOW_ID: "1" }],
    ["kitty", { TERM: "xterm-ghostty" }],
    ["kitty", { TERM: "xterm-256color", TERM_PROGRAM: "ghostty" }],
    ["iterm2", { TERM: "xterm-256color", TERM_PROGRAM: "iTerm.app" }],
    ["iterm2", { TERM: "xterm-256color", TERM_PROGRAM: "WezTerm" }],
    ["iterm2", { TERM: "xterm-256color", LC_TERMINAL: "iTerm2" }],
    ["ask", { TERM: "xterm-256color" }],
    ["ask", { TERM: "foot" }],
    [null, { TERM: "xterm-256color", TERM_PROGRAM: "Apple_Terminal" }],
    [null, { TERM: "tmux-256color" }],
    [null, { TERM: "xterm-kitty", TMUX: "/tmp/tmux-0/default,1,0" }],
    [null, { TERM: "screen.xterm-256color", TERM_PROGRAM: "iTerm.app" }],
    [null, { TERM: "dumb", KITTY_WINDOW_ID: "1" }],
    [null, { TERM: "linux" }],
    [null, {}],
  ] as const)("is %s for %j", (protocol, env) => {
    expect(imageProtocol(env)).toBe(protocol);
  });
});

describe("the place of an image", () => {
  it.each([
    ["is its natural size where there is room", [200, 100], 70, 40, { columns: 20, rows: 5 }],
    ["is at most sixteen rows high", [1_000, 2_000], 70, 60, { columns: 16, rows: 16 }],
    ["is as wide as there is room", [4_000, 1_000], 40, 60, { columns: 40, rows: 5 }],
    ["leaves room for the live rows", [1_000, 2_000], 70, 20, { columns: 10, rows: 10 }],
    ["is a cell for a pixel", [1, 1], 70, 40, { columns: 1, rows: 1 }],
    ["is none in a low window", [200, 100], 70, 12, null],
    ["is none in a narrow one", [200, 100], 5, 40, null],
  ] as const)("%s", (_, [width, height], columns, windowRows, box) => {
    expect(fitImage({ width, height }, { cell: USUAL_CELL, columns, windowRows })).toEqual(box);
  });
});

describe("an image for the terminal", () => {
  it("is sent to kitty in pieces that join to the file, without an answer or a moved cursor", async () => {
    const large = { ...image(2, 2), data: Buffer.alloc(9_000, 7).toString("base64") };
    const sequence = (await encodeImage(large, { ...place, protocol: "kitty" })) ?? "";
    const pieces = [...sequence.matchAll(/\x1b_G([^;]*);([^\x1b]*)\x1b\\/g)];
    expect(pieces.map(([whole]) => whole).join("")).toBe(sequence);
    expect(pieces.map(([, keys]) => keys)).toEqual(["a=T,f=100,t=d,q=2,C=1,r=12,m=1", "q=2,m=1", "q=2,m=0"]);
    expect(pieces.map(([, , data]) => data).join("")).toBe(large.data);
    expect(pieces.every(([, , data = ""]) => data.length <= 4_096)).toBe(true);
  });

  it("is sent to iTerm2 as one file with its length in bytes and its box in cells", async () => {
    const small = image(3, 3);
    const bytes = Buffer.from(small.data, "base64").length;
    expect(await encodeImage(small, { ...place, protocol: "iterm2" })).toBe(
      `\x1b]1337;File=inline=1;size=${bytes};width=32;height=12;preserveAspectRatio=1:${small.data}\x07`,
    );
  });

  it("is not sent when its data could end the sequence", async () => {
    const evil = { ...image(1, 1), data: "AAAA\x1b\\\x1b[2J" };
    expect(await encodeImage(evil, { ...place, protocol: "kitty" })).toBeNull();
    expect(await encodeImage(evil, { ...place, protocol: "iterm2" })).toBeNull();
  });
});

describe("images in the transcript", () => {
  const kitty = (onReady: () => void = () => undefined, env = { TERM: "xterm-kitty" }) =>
    new InlineImages({ env, size, onReady });

  async function shown(content: ImageContent): Promise<{ images: InlineImages; rows: string[] }> {
    const ready = Promise.withResolvers<void>();
    const images = kitty(ready.resolve);
    expect(images.ready(content, 60)).toBe(false);
    expect(images.rows(content, 60)).toEqual([]);
    await ready.promise;
    expect(images.ready(content, 60)).toBe(true);
    return { images, rows: images.rows(content, 60) };
  }

  it("take rows of no width, whose mark becomes the image once", async () => {
    const { images, rows } = await shown(image(320, 240));
    expect(rows).toHaveLength(12);
    expect(rows.map(textWidth)).toEqual(rows.map(() => 0));
    const text = `before\n  ${rows.join("\n")}\nafter`;
    const filled = images.fill(text);
    expect(filled.match(/\x1b_Ga=T/g)).toHaveLength(1);
    expect(filled).toMatch(/^before\n {2}(\x1bD){12}\x1b\[12A\x1b7\x1b_G[\s\S]*\x1b\\\x1b8\n{12}after$/);
    expect(images.fill(text)).not.toMatch(/7717|\x1b_G/);
  });

  it("are named where they cannot be shown", async () => {
    const other = { ...image(10, 10), mimeType: "image/webp" };
    expect((await shown(other)).rows).toEqual([]);
    const broken = { ...image(10, 10), data: "AAAA" };
    expect(kitty().ready(broken, 60)).toBe(true);
    const asked = kitty(undefined, { TERM: "xterm-256color" });
    expect(asked.ready(image(10, 10), 60)).toBe(true);
    expect(asked.rows(image(10, 10), 60)).toEqual([]);
  });

  it("have names with size, format and length", () => {
    const [picture] = picturesOf([{ type: "text", text: "x" }, image(640, 480)]);
    expect(picture?.name).toMatch(/^640x480 png, \d+ (?:KB|bytes)$/);
    expect(picturesOf([{ type: "image", mimeType: "image/png", data: "AAAA" }])[0]?.name).toBe(
      "png, 3 bytes",
    );
  });
});
