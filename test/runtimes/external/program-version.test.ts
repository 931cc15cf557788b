import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { foundProgram, programVersion } from "../../../src/runtimes/external/program-version.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const signal = new AbortController().signal;
const question = { package: /^agent$/, args: ["--version"], signal };

async function program(answer: string, name = "agent") {
  const root = await temporaryFolder();
  await mkdir(join(root, "package", "bin"), { recursive: true });
  await writeFile(join(root, "package", "package.json"), JSON.stringify({ name, version: "1.2.3" }));
  const file = join(root, "package", "bin", "agent");
  await writeFile(file, `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
  await symlink(file, join(root, "agent"));
  return { command: "agent", args: ["acp"], env: { PATH: `${root}:${process.env.PATH ?? ""}` } };
}

describe("the version of a program", () => {
  it("is that of its package, however it is linked, without starting it", async () => {
    expect(await programVersion(await program("exit 1"), question)).toBe("1.2.3");
  });

  it("is asked of a program that stands in no such package", async () => {
    expect(await programVersion(await program('echo "agent v4.5.6-beta"', "other"), question)).toBe(
      "4.5.6-beta",
    );
  });

  it("is not known of one that fails, or that is not there", async () => {
    expect(await programVersion(await program("exit 1", "other"), question)).toBeNull();
    expect(await programVersion({ command: "nowhere", args: [], env: {} }, question)).toBeNull();
  });

  it.each([
    ["0.87.1", "0.87.0", "/p/agent"],
    ["1.0.0-rc.1", "0.87.0", "/p/agent"],
    ["0.9.12", "0.87.0", "/p/agent; older than 0.87.0: some of it may not work"],
    [null, "0.87.0", "/p/agent"],
  ])("%s against %s is told as it is", (version, oldest, detail) => {
    const found = foundProgram({ command: "/p/agent", args: [], env: {} }, { version, oldest, login: false });
    expect(found).toEqual({
      available: true,
      detail,
      ...(version === null ? {} : { version }),
      login: { ok: false },
    });
  });
});
