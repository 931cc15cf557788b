import { describe, expect, it } from "vitest";
import { remarkOf } from "../../../src/tui/transcript/remark.ts";

describe("the row of a runtime", () => {
  it("stands where it takes over, not where it only names its session", () => {
    expect(remarkOf({ type: "runtime_changed", runtime: "codex", detail: "you chose it" })).toMatchObject([
      { kind: "runtime", runtime: "codex", detail: "you chose it" },
    ]);
    expect(remarkOf({ type: "runtime_changed", runtime: "codex", externalSessionId: "x" })).toEqual([]);
  });
});
