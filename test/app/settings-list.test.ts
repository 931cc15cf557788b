import { describe, expect, test } from "vitest";
import { listSettings } from "../../src/app/settings-list.ts";
import { SETTING_GROUPS } from "../../src/config/setting-texts.ts";
import { Settings } from "../../src/config/settings.ts";
import { settingsJsonSchema } from "../../src/config/settings-schema.ts";

const list = (...layers: Parameters<typeof listSettings>[1]) => listSettings(settingsJsonSchema(), layers);
const row = (path: string, ...layers: Parameters<typeof listSettings>[1]) =>
  list(...layers).find((each) => each.path === path);

describe("the rows of the settings", () => {
  test("hold every key of the schema but $schema, in groups, each with a sentence", () => {
    const rows = list();
    const keys = new Set(rows.map(({ path }) => path.split(".")[0]));
    expect([...keys].toSorted()).toEqual(
      Object.keys(Settings.shape)
        .filter((key) => key !== "$schema")
        .toSorted(),
    );
    expect(rows.filter(({ description }) => !/^[A-Z].*\.$/.test(description))).toEqual([]);
    const groups = rows.map(({ group }) => SETTING_GROUPS.indexOf(group));
    expect(groups).toEqual(groups.toSorted((a, b) => a - b));
  });

  test.each([
    ["readOnly", "switch"],
    ["compaction.auto", "switch"],
    ["thinking", "choice"],
    ["profile", "choice"],
    ["retry.attempts", "number"],
    ["model", "text"],
    ["hooks.event", "text"],
    ["allow", "list"],
    ["env.allow", "list"],
    ["providers", "table"],
  ])("%s is changed as a %s", (path, type) => {
    expect(row(path)?.kind.type).toBe(type);
  });

  test("name the strongest layer that has the value", () => {
    const layers = [
      { source: "default", values: { theme: "dark", retry: { attempts: 4 } } },
      { source: "user", values: { theme: "light", maxSteps: 7 } },
      { source: "env", values: { theme: "high-contrast" } },
    ] as const;
    expect(row("theme", ...layers)).toMatchObject({ value: "high-contrast", source: "env" });
    expect(row("theme", ...layers)?.layers.map(({ source }) => source)).toEqual(["default", "user", "env"]);
    expect(row("maxSteps", ...layers)).toMatchObject({ shown: "7", source: "user" });
    expect(row("retry.attempts", ...layers)).toMatchObject({ value: 4, source: "default" });
    expect(row("maxCost", ...layers)).toMatchObject({
      value: undefined,
      shown: "not set",
      source: "default",
    });
  });

  test("show of tables the names alone, and of texts no secret", () => {
    const values = {
      providers: { mine: { headers: { "x-key": "hunter2" } }, other: {} },
      hooks: { event: "curl -H 'Authorization: Bearer abcdefghijklmnopqrstuvwxyz'" },
      allow: ["bash(ls)", "read"],
    };
    const layer = { source: "user", values } as const;
    expect(row("providers", layer)?.shown).toBe("mine, other");
    expect(row("hooks.event", layer)?.shown).toContain("[redacted: token]");
    expect(row("allow", layer)?.shown).toBe("bash(ls), read");
  });
});

test("every setting of the JSON Schema has a sentence, those inside tables too", () => {
  const missing: string[] = [];
  const visit = (schema: unknown, path: string): void => {
    const { description, properties, additionalProperties } = schema as Record<string, unknown>;
    const isNamed = path !== "" && !path.endsWith("*");
    if (isNamed && properties === undefined && typeof description !== "string") missing.push(path);
    for (const [key, inner] of Object.entries(properties ?? {}))
      visit(inner, path === "" ? key : `${path}.${key}`);
    if (typeof additionalProperties === "object") visit(additionalProperties, `${path}.*`);
  };
  visit(settingsJsonSchema(), "");
  expect(missing).toEqual([]);
});
