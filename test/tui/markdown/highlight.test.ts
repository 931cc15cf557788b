import { beforeAll, describe, expect, it } from "vitest";
import {
  highlightLine,
  languagesLoading,
  languagesReady,
  requestLanguage,
  startHighlight,
} from "../../../src/tui/markdown/highlight.ts";
import { findLanguage, LANGUAGES } from "../../../src/tui/markdown/languages.ts";

function scopes(language: string, lines: readonly string[]): string[][] {
  let state = startHighlight(language);
  return lines.map((line) => {
    const result = highlightLine(state, line);
    state = result.state;
    expect(result.segments.map((segment) => segment.text).join("")).toBe(line);
    return result.segments.map((segment) => segment.scope ?? "-");
  });
}

describe("languages", () => {
  it(`all ${Object.keys(LANGUAGES).length} can be loaded`, async () => {
    for (const name of Object.keys(LANGUAGES)) requestLanguage(name);
    expect(languagesLoading()).toBe(true);
    await languagesReady();
    for (const name of Object.keys(LANGUAGES)) {
      expect(scopes(name, ['// # -- <a> "b" 1']), name).not.toEqual([[]]);
    }
  });

  it.each([
    ["tsx", "typescript"],
    ["zsh", "bash"],
    ["vue", "xml"],
    ["rust", "rust"],
    ["nosuch", null],
    ["constructor", null],
  ])("%s is %s", (name, language) => expect(findLanguage(name)).toBe(language));
});

describe("highlightLine", () => {
  beforeAll(async () => {
    requestLanguage("ts");
    requestLanguage("python");
    await languagesReady();
  });

  it("carries a comment over its lines, and code after it", () => {
    expect(scopes("ts", ["/* a", "let b", "*/ let c"])).toEqual([
      ["comment"],
      ["comment"],
      ["comment", "-", "keyword", "-"],
    ]);
  });

  it("carries nested strings", () => {
    const lines = ["const a = `x ${f({", "b: 1", "})} y", "z` + 1"];
    expect(scopes("ts", lines)[3]).toEqual(["string", "-", "number"]);
  });

  it("reads only what opened again: a long comment costs no more a line than a short one", () => {
    let state = highlightLine(startHighlight("ts"), "/**").state;
    for (let line = 0; line < 5_000; line++) state = highlightLine(state, ` * line ${line} of prose`).state;
    expect(state.open).toHaveLength(1);
    expect(highlightLine(state, " */ let a").segments.at(1)?.text).toBe(" ");
  });

  it("forgets nothing that matters in a docstring with odd quotes", () => {
    expect(scopes("python", ['x = """it\'s', "a 'b", '"""', "def f(): pass"])[3]?.[0]).toBe("keyword");
  });

  it("leaves lines of a language it does not know, and very long ones, plain", () => {
    expect(scopes("nosuch", ["let a = 1"])).toEqual([["-"]]);
    expect(scopes("ts", [`let a = "${"x".repeat(3_000)}"`])).toEqual([["-"]]);
  });
});
