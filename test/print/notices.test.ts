import { describe, expect, it } from "vitest";
import { createNotices } from "../../src/print/notices.ts";

function sayings(...details: unknown[]): string {
  let said = "";
  const { add } = createNotices((text) => {
    said += text;
  });
  for (const each of details)
    add({ type: "tool_end", toolCallId: "c", name: "bash", isError: true, content: [], details: each });
  return said;
}

describe("what one-shot mode says of a call that was denied", () => {
  it.each([
    [
      "what would allow it",
      { denial: "unattended", reason: "default for commands", flags: ["--allow 'bash(ls)'", "--x"] },
      "bash was not run: it needs approval and nobody can be asked (default for commands).\n" +
        "hint: --allow 'bash(ls)' or --x would allow it.\n",
    ],
    [
      "the rule",
      { denial: "policy", reason: "rule bash (your settings)" },
      "bash was not run: it is denied by policy (rule bash (your settings)).\n",
    ],
    ["no more than it knows", { denial: "user" }, "bash was not run: it was refused.\n"],
  ])("names %s", (_title, details, expected) => {
    expect(sayings(details)).toBe(`hearth: ${expected}`);
  });

  it("is nothing for a call that ran, and is said once", () => {
    const denial = { denial: "hook", reason: "no" };
    expect(sayings({ exitCode: 1 }, undefined, denial, denial)).toBe(
      "hearth: bash was not run: a hook refused it (no).\n",
    );
  });
});
