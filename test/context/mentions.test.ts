import { describe, expect, it } from "vitest";
import { expandMentions, type MentionFiles } from "../../src/context/mentions.ts";

const LONG = Array.from({ length: 3000 }, (_, index) => `line ${index + 1}`).join("\n");

function filesOf(contents: Record<string, string | Uint8Array>): MentionFiles {
  const bytesOf = (path: string) => {
    const content = contents[path];
    return content === undefined ? null : Buffer.from(content);
  };
  return {
    stat: async (path) => {
      if (path === "src") return { kind: "directory", size: 0 };
      if (path.startsWith("..")) throw new Error("outside");
      const bytes = bytesOf(path);
      return bytes && { kind: "file", size: bytes.length };
    },
    readRange: async (path, start, end) => bytesOf(path)?.subarray(start, end) ?? new Uint8Array(),
  };
}

const files = filesOf({
  "a.ts": "one\r\ntwo\r\nthree\r\n",
  "my file.md": "text",
  "long.txt": LONG,
  "wide.txt": `${"w".repeat(60_000)}\nnext`,
  "fence.md": "```js\nx\n```",
  "image.png": new Uint8Array([0x89, 0x50, 0, 1]),
  "v1.2": "version",
  "v1.": "dot",
});

const block = (head: string, text: string, fence = "```") =>
  `Content of ${head}:\n${fence}\n${text}\n${fence}`;

describe("a mention", () => {
  it.each([
    ["see @a.ts", block("a.ts", "one\ntwo\nthree")],
    ["see @a.ts#2", block("a.ts, lines 2-2 of 3", "two")],
    ["see @a.ts#2-9.", block("a.ts, lines 2-3 of 3", "two\nthree")],
    ["see @a.ts#L1-L2", block("a.ts, lines 1-2 of 3", "one\ntwo")],
    ["see @a.ts#7", "@a.ts has only 3 lines."],
    ['see @"my file.md", please', block("my file.md", "text")],
    ["(@a.ts)?", block("a.ts", "one\ntwo\nthree")],
    ["@v1.2.", block("v1.2", "version")],
    ["@v1.", block("v1.", "dot")],
    ["@fence.md", block("fence.md", "```js\nx\n```", "````")],
    ["@image.png", "@image.png is a binary file of 4 bytes."],
  ])("%s", async (prompt, added) => {
    expect((await expandMentions(prompt, files)).text).toBe(`${prompt}\n\n${added}`);
  });

  it.each(["mail me@a.ts", "@nothing here", "@../secret", "@src", "an @ alone", "@", "@Injectable() class"])(
    "%s: is only words",
    async (prompt) => {
      expect(await expandMentions(prompt, files)).toEqual({ text: prompt, attached: [], images: [] });
    },
  );

  it("of an image comes as an image where the model sees them", async () => {
    const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
    const seen = await expandMentions("@shot.png?", filesOf({ "shot.png": png }), { seesImages: true });
    expect(seen).toEqual({
      text: "@shot.png?\n\nThe image @shot.png is attached.",
      attached: ["shot.png"],
      images: [{ type: "image", mimeType: "image/png", data: png.toString("base64") }],
    });
    expect((await expandMentions("@shot.png", filesOf({ "shot.png": png }))).images).toEqual([]);
  });

  it("of a file twice is added once", async () => {
    const { attached } = await expandMentions("@a.ts and @a.ts, also @v1.2", files);
    expect(attached).toEqual(["a.ts", "v1.2"]);
  });

  it("of a long file is cut at 2,000 lines, and says so", async () => {
    const { text } = await expandMentions("@long.txt", files);
    expect(text).toContain(
      "Content of long.txt, lines 1-2000 of 3000 (cut: read the rest with the read tool):",
    );
    expect(text).toContain("line 2000\n```");
  });

  it("of an enormous line is cut at a part of it", async () => {
    const { text } = await expandMentions("@wide.txt", files);
    expect(text.length).toBeLessThan(52_000);
    expect(text).toContain("(cut:");
  });

  it("of more than ten files adds ten", async () => {
    const many = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`f${index}`, "x"]));
    const prompt = Object.keys(many)
      .map((name) => `@${name}`)
      .join(" ");
    expect((await expandMentions(prompt, filesOf(many))).attached).toHaveLength(10);
  });
});
