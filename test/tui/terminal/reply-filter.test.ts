import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createReplyFilter, readColor, type TerminalReply } from "../../../src/tui/terminal/reply-filter.ts";

const BLACK = { kind: "color", slot: "background", rgb: [0, 0, 0] } as const;

/** All of it in the given pieces; what is held at the end is given up. */
function feed(pieces: readonly string[]): { keys: string; replies: TerminalReply[] } {
  const filter = createReplyFilter();
  const parts = pieces.map((piece) => filter.push(piece));
  return {
    keys: parts.map((part) => part.keys).join("") + filter.release(),
    replies: parts.flatMap((part) => part.replies),
  };
}

describe("a reply", () => {
  it.each([
    ["the background, ended by ST", "\x1b]11;rgb:0000/0000/0000\x1b\\", BLACK],
    ["the background, ended by BEL", "\x1b]11;rgb:00/00/00\x07", BLACK],
    [
      "the text's colour",
      "\x1b]10;rgb:ffff/8080/0000\x1b\\",
      { kind: "color", slot: "foreground", rgb: [255, 128, 0] },
    ],
    ["one of the 16", "\x1b]4;12;rgb:12/34/56\x07", { kind: "color", slot: 12, rgb: [18, 52, 86] }],
    ["a colour with opacity", "\x1b]11;rgba:0000/0000/0000/ffff\x07", BLACK],
    ["what the terminal is", "\x1b[?64;1;2;6;22c", { kind: "attributes" }],
    ["the focus came", "\x1b[I", { kind: "focus", focused: true }],
    ["the focus went", "\x1b[O", { kind: "focus", focused: false }],
  ])("is taken out of what is typed: %s", (_, bytes, reply) => {
    expect(feed([`ab${bytes}cd`])).toEqual({ keys: "abcd", replies: [reply] });
  });

  it("is known wherever it is cut in two, except behind a lone Escape or the start of a key", () => {
    const bytes = "\x1b]11;rgb:0000/0000/0000\x1b\\";
    for (let at = 3; at < bytes.length; at++) {
      expect(feed([`x${bytes.slice(0, at)}`, `${bytes.slice(at)}y`]), String(at)).toEqual({
        keys: "xy",
        replies: [BLACK],
      });
    }
  });

  it("is text inside a paste, byte for byte, also where the marks come in pieces", () => {
    const paste = "\x1b[200~\x1b]11;rgb:00/00/00\x07 \x1b[I\x1b[?1c \x1b]4\x1b[201~";
    expect(feed([paste])).toEqual({ keys: paste, replies: [] });
    for (let at = 1; at < paste.length; at++) {
      expect(feed([paste.slice(0, at), paste.slice(at), "\x1b[I"]), String(at)).toEqual({
        keys: paste,
        replies: [{ kind: "focus", focused: true }],
      });
    }
  });
});

describe("keys", () => {
  it.each([
    "\x1b",
    "\x1b[",
    "\x1b]",
    "\x1bO",
    "\x1b[A",
    "\x1b[1;5C",
    "\x1b[97;5u",
    "\x1b[?0u",
    "\x1b\x1b",
    "ü\r\t\x7f",
  ])("%j goes through at once", (bytes) => {
    const filter = createReplyFilter();
    expect(filter.push(bytes)).toEqual({ keys: bytes, replies: [] });
    expect(filter.holding()).toBe(false);
  });

  it("are never lost or changed, however they arrive and whatever is answered in between", () => {
    const part = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 6 }).filter((text) => !text.includes("\x1b")),
      fc.constantFrom("\x1b[A", "\x1b[Z", "\r", "\x03", "\x1b[1;5D", "\x1bb", "\x1b[200~\x1b[I]\x1b[201~"),
    );
    const reply = fc.constantFrom(
      "\x1b]11;rgb:00/00/00\x07",
      "\x1b]4;1;rgb:aa/bb/cc\x1b\\",
      "\x1b[?62c",
      "\x1b[I",
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(part, fc.option(reply)), { maxLength: 12 }), (parts) => {
        const bytes = parts.map(([typed, answered]) => typed + (answered ?? ""));
        expect(feed(bytes).keys).toBe(parts.map(([typed]) => typed).join(""));
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary-ascii", maxLength: 5 })), (pieces) => {
        const { keys, replies } = feed(pieces);
        if (replies.length === 0) expect(keys).toBe(pieces.join(""));
      }),
    );
  });
});

describe("readColor", () => {
  it.each([
    ["ffff/0000/8080", [255, 0, 128]],
    ["f/0/8", [255, 0, 136]],
    ["#ff0080", [255, 0, 128]],
    ["#f08", [255, 0, 136]],
    ["ff/00", null],
    ["ff/00/11/22/33", null],
    ["#ff00", null],
    ["fffff/0/0", null],
  ])("%s is %j", (text, rgb) => {
    expect(readColor(text)).toEqual(rgb);
  });
});
