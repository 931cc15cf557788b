// The package as npm would publish it: packed, installed into an empty prefix, and run. Nothing here is the checkout's.
import { access, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { publint } from "publint";
import { expect, test } from "vitest";
import { newPlace } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The registry and the network decide. */
const INSTALL_MS = 240_000;

async function pack(folder: string): Promise<string> {
  await execa("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: ROOT });
  const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm packed nothing");
  return join(folder, tarball);
}

test("The package installs and runs: version, help, a check of itself, and a prompt", {
  timeout: INSTALL_MS,
}, async () => {
  await using stub = await withStub(["hello"]);
  const [folder, place] = await Promise.all([temporaryFolder(), newPlace(stub)]);
  const tarball = await pack(folder);
  const prefix = join(folder, "prefix");
  await mkdir(prefix);
  await execa("npm", ["install", "--global", "--prefix", prefix, "--no-audit", "--no-fund", tarball]);
  const hearth = (...args: string[]) =>
    execa(join(prefix, "bin", "hearth"), args, {
      cwd: place.cwd,
      env: place.env,
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });
  const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  expect(await hearth("--version")).toMatchObject({ stdout: version, stderr: "", exitCode: 0 });
  expect(await hearth("--help")).toMatchObject({ stderr: "", exitCode: 0 });
  expect((await hearth("doctor")).stdout).toMatch(/^ok +ripgrep: found$/m);
  // pi loads this file into its own program.
  await access(join(prefix, "lib", "node_modules", "hearth-agent", "dist", "pi-gate.js"));
  expect(await hearth("-p", "hi")).toMatchObject({ stdout: "hello", stderr: "", exitCode: 0 });
});

test("publint has nothing to say about the package", { timeout: 60_000 }, async () => {
  const tarball = await readFile(await pack(await temporaryFolder()));
  const { messages } = await publint({ pack: { tarball: new Uint8Array(tarball).buffer } });
  expect(messages).toEqual([]);
});
