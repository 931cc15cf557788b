import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createAcpRuntime } from "../../../src/runtimes/acp/acp-runtime.ts";
import { createPiRuntime } from "../../../src/runtimes/pi/pi-runtime.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const PACKAGES = {
  gemini: ["@google/gemini-cli", "0.61.0"],
  opencode: ["opencode-ai", "1.2.0"],
  pi: ["@earendil-works/pi-coding-agent", "0.87.1"],
} as const;

/** What is told of an agent that is installed so, in a home with these files. */
async function look(
  name: keyof typeof PACKAGES,
  files: Record<string, string>,
  env: Record<string, string> = {},
) {
  const root = await temporaryFolder();
  const [own, version] = PACKAGES[name];
  const all = {
    [`bin/${name}`]: "#!/bin/sh\nexit 1\n",
    "package.json": JSON.stringify({ name: own, version }),
    ...files,
  };
  for (const [file, text] of Object.entries(all)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text, { mode: 0o755 });
  }
  const options = {
    name,
    command: name,
    args: [],
    env: { PATH: join(root, "bin"), HOME: join(root, "home"), ...env },
    idleTimeoutSeconds: 1,
    releaseSeconds: 1,
    newId: () => "id",
    now: Date.now,
  };
  const runtime = name === "pi" ? createPiRuntime(options) : createAcpRuntime(options);
  const found = await runtime.check(new AbortController().signal);
  if (!found.available) return found.reason;
  return `${found.version}${found.login?.ok === false ? ", no login" : ""}${/;.*/.exec(found.detail ?? "")?.[0] ?? ""}`;
}

describe("a look at an installed agent", () => {
  it.each<
    [name: keyof typeof PACKAGES, files: Record<string, string>, env: Record<string, string>, told: RegExp]
  >([
    ["gemini", {}, {}, /^0\.61\.0, no login$/],
    ["gemini", {}, { GEMINI_API_KEY: "k" }, /^0\.61\.0$/],
    ["gemini", { "home/.gemini/oauth_creds.json": '{"access_token":"t"}' }, {}, /^0\.61\.0$/],
    ["opencode", {}, {}, /^1\.2\.0, no login; older than 1\.18\.0: /],
    ["opencode", { "home/.local/share/opencode/auth.json": '{"x":{"key":"k"}}' }, {}, /may not work$/],
    [
      "opencode",
      { "home/.config/opencode/opencode.jsonc": '{"provider": {"mine": {}}}' },
      {},
      /may not work$/,
    ],
    ["pi", {}, {}, /^0\.87\.1, no login$/],
    ["pi", { "home/.pi/agent/auth.json": "{}" }, {}, /no login/],
    ["pi", { "home/.pi/agent/models.json": '{"providers":{"a":{}}}' }, {}, /^0\.87\.1$/],
    ["pi", {}, { ANTHROPIC_API_KEY: "k" }, /^0\.87\.1$/],
  ])("%s with %j and %j is told as it is", async (name, files, env, told) => {
    expect(await look(name, files, env)).toMatch(told);
  });

  it("one that is not there is told with how it is got", async () => {
    const options = { name: "gemini", command: "gemini", args: [], env: { PATH: "/nowhere" } };
    const runtime = createAcpRuntime({
      ...options,
      idleTimeoutSeconds: 1,
      releaseSeconds: 1,
      newId: () => "id",
      now: Date.now,
    });
    expect(await runtime.check(new AbortController().signal)).toMatchObject({
      available: false,
      hint: expect.stringContaining("npm install -g @google/gemini-cli"),
    });
  });
});
