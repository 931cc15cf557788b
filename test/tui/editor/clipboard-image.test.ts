import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readClipboardImage } from "../../../src/tui/editor/clipboard-image.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** An environment whose xclip is this script. */
async function withXclip(script: string): Promise<Record<string, string>> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "xclip"), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, "xclip"), 0o755);
  return { DISPLAY: ":0", PATH: [folder, process.env.PATH ?? ""].join(delimiter) };
}

describe.skipIf(process.platform === "win32")("the image in the clipboard", () => {
  test("comes as a private file", async () => {
    const file = await readClipboardImage(await withXclip("printf image"));
    expect(await readFile(file, "utf8")).toBe("image");
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  test.each([
    ["holds none", "exit 1"],
    ["has nothing in it", "exit 0"],
  ])("is an error in a sentence when it %s", async (_, script) => {
    await expect(readClipboardImage(await withXclip(script))).rejects.toMatchObject({
      code: "clipboard.image",
    });
  });
});
