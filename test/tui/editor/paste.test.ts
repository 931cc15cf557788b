import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  attachTokens,
  expandFragment,
  joinFragments,
  plainFragment,
} from "../../../src/tui/editor/fragment.ts";
import { readPaste } from "../../../src/tui/editor/paste.ts";
import { readSubmission } from "../../../src/tui/editor/submission.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { hardText } from "./hard-text.ts";

const FILES = [
  "/repo/src/main.ts",
  "/repo/docs/a b.md",
  "/etc/hosts",
  "/home/me/a.png",
  "/repo/b c.JPG",
  "/repo/d.webp",
];
const options = { number: 1, cwd: "/repo", home: "/home/me", isFile: (path: string) => FILES.includes(path) };
const labelOf = (text: string): string => readPaste(text, options).piece.text;
const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");

describe("a paste", () => {
  test("of up to 10 lines and 1,000 characters is text, its line breaks as newlines", () => {
    expect(readPaste("a\rb\r", options)).toEqual({ piece: plainFragment("a\nb\n"), number: 1 });
    expect(labelOf("line\n".repeat(10))).toBe("line\n".repeat(10));
    expect(labelOf("x".repeat(1000))).toBe("x".repeat(1000));
  });

  test("in which a terminal left line feeds is the copied text itself, carriage returns and controls too", () => {
    const copied = "a\r\nb\rc\n\t\x1b[31m\x00";
    expect(expandFragment(readPaste(copied, options).piece)).toBe(copied);
  });

  test("that is longer is folded, and numbered", () => {
    expect(labelOf("line\r".repeat(120))).toBe("[pasted 120 lines #1]");
    expect(labelOf("x".repeat(1001))).toBe("[pasted 1001 characters #1]");
    expect(readPaste("line\n".repeat(11), { ...options, number: 7 })).toMatchObject({
      piece: { text: "[pasted 11 lines #7]" },
      number: 8,
    });
  });

  test("of 5 MB is folded and sent exactly", () => {
    const text = "0123456789abcde\n".repeat(5 * 65_536);
    const { piece } = readPaste(text, options);
    expect(piece.text.length).toBeLessThan(40);
    expect(expandFragment(piece) === text).toBe(true);
  });

  test("of any text is sent exactly, but for the line breaks of the terminal", () => {
    fc.assert(
      fc.property(hardText, fc.constantFrom(1, 40), (text, times) => {
        const whole = text.replaceAll("\r", "").repeat(times);
        const { piece } = readPaste(whole.replaceAll("\n", "\r"), options);
        expect(expandFragment(piece)).toBe(whole);
      }),
    );
  });

  test("that comes as it was copied is sent exactly as it came", () => {
    fc.assert(
      fc.property(hardText, fc.constantFrom(1, 40), (text, times) => {
        const whole = `${text}\n`.repeat(times);
        expect(expandFragment(readPaste(whole, options).piece)).toBe(whole);
      }),
    );
  });
});

describe("files that were dragged here", () => {
  test.each([
    ["a file of the project", "/repo/src/main.ts", "@src/main.ts"],
    ["one with a blank", "'/repo/docs/a b.md'", '@"docs/a b.md"'],
    ["one with an escaped blank", "/repo/docs/a\\ b.md ", '@"docs/a b.md"'],
    ["an address", "file:///repo/docs/a%20b.md", '@"docs/a b.md"'],
    ["several, a line each", "/repo/src/main.ts\r/repo/docs/a b.md\r", '@src/main.ts @"docs/a b.md"'],
    ["an image among them", "/repo/src/main.ts /home/me/a.png", "@src/main.ts [image #1 a.png]"],
    ["one outside the project", "/etc/hosts", "/etc/hosts"],
    ["one outside and one of the project", "/etc/hosts /repo/src/main.ts", "/etc/hosts @src/main.ts"],
    ["a name without a folder", "src/main.ts", "src/main.ts"],
    ["a folder's name in a sentence", "in /repo/src/main.ts please", "in /repo/src/main.ts please"],
  ])("%s", (_, pasted, label) => {
    expect(labelOf(pasted)).toBe(label);
  });
});

describe("a path of an image", () => {
  test.each([
    ["a file in the home folder", "~/a.png", "[image #1 a.png]"],
    ["a path with a blank", "/repo/b c.JPG", "[image #1 b c.JPG]"],
    ["a quoted path", "'/repo/b c.JPG' ", "[image #1 b c.JPG]"],
    ["an escaped path", "/repo/b\\ c.JPG", "[image #1 b c.JPG]"],
    ["a relative path", "d.webp", "[image #1 d.webp]"],
    ["an address", "file:///repo/b%20c.JPG", "[image #1 b c.JPG]"],
    ["two paths", "/home/me/a.png '/repo/b c.JPG'", "[image #1 a.png] [image #2 b c.JPG]"],
    ["a file that is not there", "/repo/x.png", "/repo/x.png"],
    ["no image", "/repo/readme.md", "/repo/readme.md"],
    ["words around it", "see d.webp please", "see d.webp please"],
    ["an address of another machine", "file://host/x.png", "file://host/x.png"],
  ])("%s", (_, pasted, label) => {
    expect(labelOf(pasted)).toBe(label);
  });

  test("is read when it is sent, once for each file, and stays named in the text", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "shot.png");
    const { piece } = readPaste(file, { ...options, isFile: () => true });
    await writeFile(file, PNG);
    const content = joinFragments(joinFragments(plainFragment("look: "), piece), piece);
    expect(await readSubmission(content)).toEqual({
      text: "look: [image #1 shot.png][image #1 shot.png]",
      images: [{ type: "image", mimeType: "image/png", data: PNG.toString("base64") }],
    });
  });

  test("that cannot be sent is an error that names it", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "shot.png");
    const { piece } = readPaste(file, { ...options, isFile: () => true });
    await expect(readSubmission(piece)).rejects.toMatchObject({ code: "image.read" });
    await writeFile(file, "no image");
    await expect(readSubmission(piece)).rejects.toMatchObject({ code: "image.type" });
  });

  test("stays attached to its label when the text was edited elsewhere", () => {
    const { piece } = readPaste("d.webp d.webp", { ...options });
    const edited = attachTokens("first [image #2 d.webp] then nothing", piece);
    expect(edited.tokens).toMatchObject([{ start: 6, end: 23, attachment: { path: "/repo/d.webp" } }]);
  });
});
