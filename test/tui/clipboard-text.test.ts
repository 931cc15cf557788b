import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readClipboardText } from "../../src/tui/clipboard-text.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** An environment in which these programs are scripts. */
async function withPrograms(scripts: Record<string, string>): Promise<Record<string, string>> {
  const folder = await temporaryFolder();
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return { PATH: [folder, process.env.PATH ?? ""].join(delimiter) };
}

describe.skipIf(process.platform === "win32")("the text in the clipboard", () => {
  test("comes whole from the first program that has one", async () => {
    const env = await withPrograms({ xclip: "exit 1", xsel: "printf 'naïve 中文\\nend\\n'" });
    expect(await readClipboardText({ ...env, DISPLAY: ":0" }, "/", "linux")).toBe("naïve 中文\nend\n");
    const mac = await withPrograms({ pbpaste: "printf text" });
    expect(await readClipboardText(mac, "/", "darwin")).toBe("text");
    const tmux = await withPrograms({ tmux: 'printf "%s" "$*"' });
    expect(await readClipboardText({ ...tmux, TMUX: "/tmp/t,1,0" }, "/", "linux")).toBe("save-buffer -");
  });

  test("is an error in a sentence where there is none, or nothing that reads it", async () => {
    const env = await withPrograms({ xclip: "exit 0" });
    for (const display of [{ DISPLAY: ":0" }, {}]) {
      await expect(readClipboardText({ ...env, ...display }, "/", "linux")).rejects.toMatchObject({
        code: "clipboard.text",
      });
    }
  });
});
