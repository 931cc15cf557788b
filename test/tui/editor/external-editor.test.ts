import { existsSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { editExternally } from "../../../src/tui/editor/external-editor.ts";

describe("an external editor", () => {
  test("gets the text in a private file, gives it back, and leaves nothing behind", async () => {
    let seen = "";
    let path = "";
    const edited = await editExternally("draft", {
      editor: "code  --wait",
      run: async (file, args) => {
        path = args.at(-1) ?? "";
        seen = `${file} ${args.slice(0, -1).join(" ")}: ${await readFile(path, "utf8")}`;
        expect((await stat(path)).mode & 0o777).toBe(0o600);
        await writeFile(path, "edited\r\ntext\r\n");
        return 0;
      },
    });
    expect(seen).toBe("code --wait: draft");
    expect(edited).toBe("edited\ntext");
    expect(existsSync(path)).toBe(false);
  });

  test.each([
    ["ends with an error", "vi", async () => 1],
    ["is ended by a signal", "vi", async () => null],
    ["cannot be started", "vi", () => Promise.reject(new Error("ENOENT"))],
  ])("that %s is an error", async (_, editor, run) => {
    await expect(editExternally("x", { editor, run })).rejects.toMatchObject({ code: "editor.failed" });
  });

  test("has to be named", async () => {
    await expect(editExternally("x", { editor: " ", run: async () => 0 })).rejects.toMatchObject({
      code: "editor.missing",
    });
  });
});
