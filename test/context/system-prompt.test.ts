import { describe, expect, it } from "vitest";
import { SYSTEM_PROMPT } from "../../src/context/system-prompt.prompt.ts";
import { assembleSystemPrompt } from "../../src/context/system-prompt.ts";

const base = { cwd: "/repo/x", platform: "linux", nowMs: Date.UTC(2026, 4, 6, 7, 8, 9) };

describe("the system text", () => {
  it("is short", () => {
    expect(Buffer.byteLength(SYSTEM_PROMPT)).toBeLessThan(2048);
  });

  it("says where and on which day it is, not the hour, so that it is the same all day", () => {
    const { text } = assembleSystemPrompt({ ...base, gitBranch: "main" });
    expect(text.startsWith(SYSTEM_PROMPT)).toBe(true);
    expect(text).toContain(
      "Working directory: /repo/x\n- Platform: linux\n- Date: 2026-05-06\n- Git branch at the start: main",
    );
    expect(assembleSystemPrompt({ ...base, gitBranch: "main", nowMs: base.nowMs + 3_600_000 }).text).toBe(
      text,
    );
  });

  it("puts the project's files after it and an appended text last, each a part of its own", () => {
    const files = [{ path: "AGENTS.md", text: "use tabs" }];
    const { text, parts } = assembleSystemPrompt({ ...base, files, append: "Answer in French." });
    expect(parts.map(({ name }) => name)).toEqual(["instructions", "environment", "AGENTS.md", "appended"]);
    expect(text).toBe(parts.map((part) => part.text).join("\n\n"));
    expect(text).toContain('<project_instructions path="AGENTS.md">\nuse tabs\n</project_instructions>');
    expect(text.endsWith("Answer in French.")).toBe(true);
  });

  it("can be another's", () => {
    expect(
      assembleSystemPrompt({ ...base, replace: "You review." }).text.startsWith("You review.\n\nEnvironment"),
    ).toBe(true);
  });
});
