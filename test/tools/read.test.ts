import { symlink, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shown, temporaryWorkspace } from "./temporary-workspace.ts";

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join("");

test("A-041: a file of 5,000 lines is read in parts without gap or overlap", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("long.txt", numbered(5000));
  let offset: number | null = 1;
  let collected = "";
  let calls = 0;
  while (offset !== null) {
    const output = shown(await call("read", { path: "long.txt", offset }));
    const notice = /\[Lines (\d+)-(\d+) of 5000 in long\.txt\.(?: Go on with offset=(\d+)\.)?\]$/.exec(
      output,
    );
    expect(notice?.[1]).toBe(String(offset));
    if (calls === 0) expect(notice?.[2]).toBe("2000");
    collected += output.slice(0, notice?.index);
    offset = notice?.[3] ? Number(notice[3]) : null;
    calls++;
  }
  expect(calls).toBe(3);
  expect(collected).toBe(numbered(5000));
});

test("A-042: of a line of 200 KB the first 50 KB are shown as valid UTF-8 and the rest is said to be unreachable", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("one.txt", `x${"é".repeat(100_000)}`);
  const output = shown(await call("read", { path: "one.txt" }));
  const [line = "", notice] = output.split("\n");
  expect(Buffer.byteLength(line)).toBe(50 * 1024 - 1);
  expect(line).not.toContain("\ufffd");
  expect(notice).toContain("not reachable by offset");
});

test("a long line after short ones is reached by the next offset", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("mixed.txt", `short\n${"y".repeat(60_000)}\nlast\n`);
  expect(shown(await call("read", { path: "mixed.txt" }))).toContain("Go on with offset=2.");
  expect(shown(await call("read", { path: "mixed.txt", offset: 2 }))).toContain("Go on with offset=3.");
  expect(shown(await call("read", { path: "mixed.txt", offset: 3 }))).toMatch(/^last\n/);
});

test.each([
  ["three\nlines\nhere\n", 4, "3 lines"],
  ["no newline at the end", 2, "1 line"],
  ["", 2, "0 lines"],
])("A-043: an offset past the end of %j is an error with the line count", async (content, offset, count) => {
  const { call, put } = await temporaryWorkspace();
  await put("f.txt", content);
  const wanted = `offset ${offset} is past the end: f.txt has ${count}.`;
  await expect(call("read", { path: "f.txt", offset })).rejects.toThrow(wanted);
});

test("a whole small file is shown to the letter, CRLF as LF and without its byte order mark", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("dos.txt", "\ufeffone\r\ntwo\r\n");
  expect(shown(await call("read", { path: "dos.txt" }))).toBe("one\ntwo\n");
});

test("UTF-16 text is read, and a file that is no valid UTF-8 says so", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("wide.txt", Buffer.from("\ufeffgrün\n", "utf16le"));
  await put("latin.txt", Buffer.from("gr\xfcn\n", "latin1"));
  expect(shown(await call("read", { path: "wide.txt" }))).toBe("grün\n");
  expect(shown(await call("read", { path: "latin.txt" }))).toContain("not valid UTF-8");
});

test.each([
  ["%PDF-1.7\0", "PDF document"],
  ["\x7fELF\0\0", "ELF program"],
  ["\0\x01\x02", "binary file"],
])("binary content %j is refused with its type and size", async (content, type) => {
  const { call, put } = await temporaryWorkspace();
  await put("f.bin", content);
  await expect(call("read", { path: "f.bin" })).rejects.toThrow(
    `f.bin is no text: ${type}, ${content.length} bytes.`,
  );
});

test("an image is returned as an image, whatever its name", async () => {
  const { call, put } = await temporaryWorkspace();
  const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
  await put("picture.txt", png);
  const { content } = await call("read", { path: "picture.txt" });
  expect(content[1]).toEqual({ type: "image", mimeType: "image/png", data: png.toString("base64") });
});

test("an image over 5 MB is refused", async () => {
  const { call, put, root } = await temporaryWorkspace();
  await put("big.png", Buffer.from("89504e470d0a1a0a", "hex"));
  await truncate(join(root, "big.png"), 6 * 1024 * 1024);
  await expect(call("read", { path: "big.png" })).rejects.toThrow("5 MB is the limit");
});

test("a huge file is read at any line without holding it", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("huge.log", numbered(1_200_000));
  const output = shown(await call("read", { path: "huge.log", offset: 1_100_000, limit: 2 }));
  expect(output).toMatch(/^line 1100000\nline 1100001\n\[Lines 1100000-1100001 of many/);
  const last = shown(await call("read", { path: "huge.log", offset: 1_200_000 }));
  expect(last).toBe("line 1200000\n[Lines 1200000-1200000 of 1200000 in huge.log.]");
  await expect(call("read", { path: "huge.log", offset: 1_200_001 })).rejects.toThrow("has 1200000 lines");
});

test("a folder, a missing file and a near name get a hint", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("src/server.ts", "");
  await expect(call("read", { path: "src" })).rejects.toMatchObject({ code: "file.is_folder" });
  await expect(call("read", { path: "src/sever.ts" })).rejects.toMatchObject({
    code: "file.not_found",
    hint: "Did you mean src/server.ts?",
  });
  await expect(call("read", { path: "nowhere/x.ts" })).rejects.toMatchObject({ code: "file.not_found" });
});

test("A-057: a symlink that leads outside is refused, one inside is followed", async () => {
  const { call, put, root } = await temporaryWorkspace();
  await put("real.txt", "inside\n");
  await symlink("/etc", join(root, "out"));
  await symlink("real.txt", join(root, "alias.txt"));
  await expect(call("read", { path: "out/passwd" })).rejects.toMatchObject({ code: "workspace.outside" });
  await expect(call("read", { path: "/etc/passwd" })).rejects.toMatchObject({ code: "workspace.outside" });
  await expect(call("read", { path: "~/x" })).rejects.toMatchObject({ code: "workspace.outside" });
  expect(shown(await call("read", { path: "alias.txt" }))).toBe("inside\n");
});

test("an empty file is said to be empty", async () => {
  const { call, put } = await temporaryWorkspace();
  await put("empty", "");
  expect(shown(await call("read", { path: "empty" }))).toBe("[The file is empty.]");
});
