import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { clipboardPrograms, copyToClipboard } from "../../src/tui/clipboard.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** A folder with programs of these names, each of which keeps what it is given beside itself. */
async function folderWith(names: readonly string[], exitCode = 0): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of names) {
    const file = join(folder, name);
    await writeFile(file, `#!/bin/sh\n/bin/cat > "${file}.got"\nenv > "${file}.env"\nexit ${exitCode}\n`);
    await chmod(file, 0o755);
  }
  return folder;
}

async function namesFor(env: Record<string, string>, platform: NodeJS.Platform = "linux"): Promise<string[]> {
  const all = ["wl-copy", "xclip", "xsel", "pbcopy", "clip.exe", "tmux"];
  const programs = await clipboardPrograms({ PATH: await folderWith(all), ...env }, platform);
  return programs.map(({ file }) => file);
}

it("takes the program of the clipboard that is there, best first", async () => {
  expect(await namesFor({})).toEqual([]);
  expect(await namesFor({ WAYLAND_DISPLAY: "wayland-0", DISPLAY: ":0" })).toEqual([
    "wl-copy",
    "xclip",
    "xsel",
  ]);
  expect(await namesFor({ DISPLAY: ":0" })).toEqual(["xclip", "xsel"]);
  expect(await namesFor({ WSL_DISTRO_NAME: "Debian" })).toEqual(["clip.exe"]);
  expect(await namesFor({ TMUX: "/tmp/tmux,1,0" })).toEqual(["tmux"]);
  expect(await namesFor({}, "darwin")).toEqual(["pbcopy"]);
  expect(await clipboardPrograms({ PATH: "/nowhere", DISPLAY: ":0" }, "linux")).toEqual([]);
});

const TEXT = "naïve 中文 👩‍👧\n\ttabbed \x1b[31m\n";

async function copy(env: Record<string, string>): Promise<string[]> {
  const written: string[] = [];
  await copyToClipboard(TEXT, {
    env,
    platform: "linux",
    cwd: "/",
    write: (sequence) => written.push(sequence),
  });
  return written;
}

it("tells the terminal always, and the program byte for byte, without any key of ours in its environment", async () => {
  const folder = await folderWith(["xclip"]);
  const written = await copy({ PATH: `${folder}:/usr/bin:/bin`, DISPLAY: ":0", ANTHROPIC_API_KEY: "secret" });
  expect(written).toEqual([`\x1b]52;c;${Buffer.from(TEXT).toString("base64")}\x07`]);
  expect(await readFile(join(folder, "xclip.got"), "utf8")).toBe(TEXT);
  const env = await readFile(join(folder, "xclip.env"), "utf8");
  expect(env).toContain("DISPLAY=:0");
  expect(env).not.toContain("secret");
});

it("where a program fails the next one is asked, and where none is there it is no error", async () => {
  const failing = await folderWith(["xclip"], 1);
  const working = await folderWith(["xsel"]);
  await copy({ PATH: `${failing}:${working}:/usr/bin:/bin`, DISPLAY: ":0" });
  expect(await readFile(join(working, "xsel.got"), "utf8")).toBe(TEXT);
  expect(await copy({ PATH: "" })).toHaveLength(1);
});

it("clip.exe gets UTF-16 with its mark", async () => {
  const folder = await folderWith(["clip.exe"]);
  await copy({ PATH: `${folder}:/usr/bin:/bin`, WSL_DISTRO_NAME: "Debian" });
  const got = await readFile(join(folder, "clip.exe.got"));
  expect(got.toString("utf16le")).toBe(`\ufeff${TEXT}`);
});
