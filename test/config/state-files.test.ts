import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { credentialsFile, withCredentials } from "../../src/config/credentials.ts";
import { addStoredRule } from "../../src/config/permissions.ts";
import { preferencesFile } from "../../src/config/preferences.ts";
import { trustOf } from "../../src/config/trust.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describe("preferences", () => {
  test("are kept over a restart", async () => {
    const file = join(await temporaryFolder(), "preferences.json");
    await preferencesFile(file).update((value) => ({ ...value, runtime: "codex" }));
    expect(await preferencesFile(file).read()).toEqual({ value: { runtime: "codex" } });
  });

  test.each(["{", "[]", '{"runtime": 3}'])(
    "that are damaged (%s) give defaults with a warning and stay as they are until a change",
    async (text) => {
      const file = join(await temporaryFolder(), "preferences.json");
      await writeFile(file, text);
      const read = await preferencesFile(file).read();
      expect(read.value).toEqual({});
      expect(read.warning).toContain("damaged");
      expect(await readFile(file, "utf8")).toBe(text);
      await preferencesFile(file).update((value) => ({ ...value, theme: "light" }));
      expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ theme: "light" });
    },
  );
});

describe("credentials", () => {
  test("are kept in a file that only the user can read", async () => {
    const file = join(await temporaryFolder(), "credentials.json");
    await credentialsFile(file).update(() => ({ ANTHROPIC_API_KEY: "k" }));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test("yield to the environment, where an empty variable counts as unset", () => {
    const env = withCredentials({ A: "", B: "env" }, { A: "stored", B: "stored" });
    expect(env).toMatchObject({ A: "stored", B: "env" });
  });
});

describe("trust", () => {
  test("is inherited from the nearest folder that was answered for", () => {
    const table = { "/a": "trusted", "/a/b": "untrusted" } as const;
    expect(trustOf(table, "/a/c")).toBe("trusted");
    expect(trustOf(table, "/a/b/c")).toBe("untrusted");
    expect(trustOf(table, "/x")).toBe("unknown");
  });
});

test("a rule is stored once for its project", () => {
  const rule = { kind: "allow", text: "bash(npm test)" } as const;
  const once = addStoredRule({}, "/p", rule);
  expect(once).toEqual({ "/p": { allow: ["bash(npm test)"], deny: [] } });
  expect(addStoredRule(once, "/p", rule)).toBe(once);
});
