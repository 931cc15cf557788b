// A start loads what it runs: screens that most starts never show come by dynamic import.
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../../src", import.meta.url));

/** Loaded when they are asked for, and by the first run. */
const LATER: readonly RegExp[] = [
  /^tui\/screens\/(?:first-run|settings?-|settings\.|keys?[-.]|theme-choice)/,
  /^tui\/keys\/(?:key-groups|keys-text)/,
  /^app\/(?:ways-to-a-model|change-setting|settings-list)/,
  /^config\/(?:setting-texts|settings-schema|settings-edit|write-setting|settings)\.ts$/,
];

/** Files that importing `file` loads: types are erased, dynamic imports wait. */
function importsOf(file: string): string[] {
  const statement = /^(?:import|export)\s(?!type\b)(?:[^"'`;]*?\sfrom\s*)?["'](\.[^"']+)["']/gm;
  const text = readFileSync(join(SRC, file), "utf8");
  return [...text.matchAll(statement)]
    .map((match) => relative(SRC, join(SRC, dirname(file), match[1] ?? "")))
    .filter((path) => /\.tsx?$/.test(path));
}

function loadedBy(entry: string): Set<string> {
  const loaded = new Set<string>();
  const visit = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const next of importsOf(file)) visit(next);
  };
  visit(entry);
  return loaded;
}

test.each(["tui/start.tsx", "app/create-app.ts"])(
  "%s loads no screen that waits to be asked for",
  (entry) => {
    const loaded = [...loadedBy(entry)];
    expect(loaded.length).toBeGreaterThan(20);
    expect(loaded.filter((file) => LATER.some((later) => later.test(file)))).toEqual([]);
  },
);

test("the app, which one-shot mode starts too, loads no tables of column widths", () => {
  expect([...loadedBy("app/create-app.ts")]).not.toContain("lib/text-width.ts");
});

test("the reader follows imports, so that an empty list means something", () => {
  expect(loadedBy("tui/start.tsx")).toContain("tui/screens/lazy-screens.ts");
  const later = loadedBy("tui/screens/first-run.ts");
  expect([...later].filter((file) => LATER.some((one) => one.test(file))).length).toBeGreaterThan(2);
});
