import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { namesAnotherHost, readLinkTarget } from "../../../src/tui/markdown/link-target.ts";

describe("readLinkTarget", () => {
  it.each([
    ["https://x.org/ä?b", "https://x.org/%C3%A4?b"],
    ["mailto:a@b.org", "mailto:a@b.org"],
    ["src/a.ts", null],
    ["javascript:alert(1)", null],
    [`https://x.org/${"a".repeat(3_000)}`, null],
  ])("gives a terminal of %s: %s", (address, href) => {
    expect(readLinkTarget(address).href).toBe(href);
  });
});

describe("namesAnotherHost", () => {
  it.each([
    ["https://bank.com/login", "https://evil.org", true],
    ["bank.com", "https://evil.org", true],
    ["www.a.org", "https://a.org/x", false],
    ["see the docs", "https://a.org", false],
    ["lines.ts", "src/lines.ts", false],
  ])("%s for %s: %s", (label, address, another) => {
    expect(namesAnotherHost(label, readLinkTarget(address))).toBe(another);
  });
});

const CORPUS = "../shared/corpora/terminal/deceptive-urls.jsonl";
type Case = {
  fn: string;
  args: [string];
  result_path: string[] | null;
  matcher: string;
  expected: string | null;
};
const cases: Case[] = existsSync(CORPUS)
  ? readFileSync(CORPUS, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
  : [];

describe.runIf(existsSync(CORPUS))("deceptive-urls corpus", () => {
  it(`all ${cases.length} cases come out the same`, () => {
    for (const row of cases) {
      const target = readLinkTarget(row.args[0]);
      if (row.fn === "toUnicodeUrl") expect(target.unicode).toBe(row.expected);
      else if (row.result_path?.[0] === "originalUrl") expect(target.unicode).toBe(row.expected);
      else if (row.result_path?.[0] === "punycodeUrl") expect(target.ascii).toBe(row.expected);
      else expect(target.deceptive).toBe(row.matcher === "not.toBeNull");
    }
  });
});

describe.runIf(!existsSync(CORPUS))("deceptive-urls corpus", () => {
  it("is absent here: its cases are not run", () => expect(cases).toEqual([]));
});
