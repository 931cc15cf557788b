import { expect, it } from "vitest";
import { formatFailure } from "../../src/cli/exit.ts";

it("the words of another program reach the terminal without its control sequences", () => {
  const failure = {
    code: "runtime.start",
    message: "pi: \u001b[2Jgone",
    hint: "\u001b]0;title\u0007last\nwords",
  };
  expect(formatFailure(failure)).toBe("hearth: pi: gone\nhint: last\nwords\n");
});
