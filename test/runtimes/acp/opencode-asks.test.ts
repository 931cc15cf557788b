import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { askingEnv, isOpencode } from "../../../src/runtimes/acp/opencode-asks.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const ASK = { bash: "ask", edit: "ask", webfetch: "ask" };

async function permission(files: Record<string, string>, content?: string) {
  const root = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const given = content === undefined ? {} : { OPENCODE_CONFIG_CONTENT: content };
  const env = await askingEnv({ HOME: join(root, "home"), ...given }, join(root, "work", "deep"));
  return env.OPENCODE_CONFIG_CONTENT === undefined ? null : JSON.parse(env.OPENCODE_CONFIG_CONTENT);
}

const HOME_FILE = "home/.config/opencode/opencode.json";

describe("opencode asks us", () => {
  it.each<[what: string, files: Record<string, string>, content: string | undefined, told: unknown]>([
    ["with no configuration at all", {}, undefined, { permission: ASK }],
    [
      "and keeps what its variable says beside",
      {},
      '{"model":"a/b","permission":{"edit":"deny"}}',
      { model: "a/b", permission: { edit: "deny", bash: "ask", webfetch: "ask" } },
    ],
    [
      "but for what the person set in a file, comments and all",
      { [HOME_FILE]: '{ // mine\n "permission": {"bash": {"*": "allow"}}, }' },
      undefined,
      { permission: { edit: "ask", webfetch: "ask" } },
    ],
    ["but not where they set all tools", { [HOME_FILE]: '{"permission":"allow"}' }, undefined, null],
    [
      "although a project says that it need not",
      { "work/opencode.json": '{"permission":{"bash":"allow","edit":"allow"}}' },
      undefined,
      { permission: ASK },
    ],
    [
      "and keeps what a project forbids",
      { "work/.opencode/opencode.jsonc": '{"permission":{"bash":"deny"}}' },
      undefined,
      { permission: { edit: "ask", webfetch: "ask" } },
    ],
    ["whatever a broken file holds", { [HOME_FILE]: "{{{" }, undefined, { permission: ASK }],
  ])("%s", async (_, files, content, told) => {
    expect(await permission(files, content)).toEqual(told);
  });

  it("is known by its program", () => {
    const env = {};
    expect(isOpencode({ command: "/opt/bin/opencode", args: ["acp"], env })).toBe(true);
    expect(isOpencode({ command: "node", args: ["/x/opencode.js", "acp"], env })).toBe(true);
    expect(isOpencode({ command: "gemini", args: ["--acp"], env })).toBe(false);
  });
});
