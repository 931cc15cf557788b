import { expect, it } from "vitest";
import { AppError, toFailure } from "../../src/lib/app-error.ts";

it("gives an error of ours as it is, and anything else its text", () => {
  const error = new AppError("tool.path", "No such file.", { hint: "Look with ls." });
  expect(toFailure(error)).toEqual({ code: "tool.path", message: "No such file.", hint: "Look with ls." });
  expect(toFailure(new Error("boom"))).toEqual({ code: "internal", message: "boom" });
  expect(toFailure("boom")).toEqual({ code: "internal", message: "boom" });
});

it("says of a part of the program that has gone what may have happened", async () => {
  const gone = "./not-there-any-more.js";
  const error: unknown = await import(`file:///nowhere/${gone}`).catch((cause: unknown) => cause);
  expect(toFailure(error)).toMatchObject({
    code: "program.replaced",
    hint: expect.stringContaining("start it again"),
  });
});
