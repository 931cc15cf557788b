import { expect, it } from "vitest";
import { turnFailure } from "../../../src/runtimes/codex/failure.ts";
import { TurnError } from "../../../src/runtimes/codex/wire.ts";

const failure = (message: string, codexErrorInfo: unknown, additionalDetails: string | null = null) =>
  turnFailure(TurnError.parse({ message, codexErrorInfo, additionalDetails }));

it.each([
  ["unauthorized", "runtime.auth"],
  [{ httpConnectionFailed: { httpStatusCode: 401 } }, "runtime.auth"],
  [{ responseTooManyFailedAttempts: { httpStatusCode: 429 } }, "runtime.failed"],
  ["contextWindowExceeded", "runtime.failed"],
  ["somethingNew", "runtime.failed"],
  [null, "runtime.failed"],
  [undefined, "runtime.failed"],
  [{ odd: 1 }, "runtime.failed"],
])("%j is %s", (info, code) => {
  expect(failure("it broke", info)).toMatchObject({ code, message: "it broke" });
});

it("a login or a limit comes with what helps", () => {
  expect(failure("no", "unauthorized").hint).toContain("codex login");
  expect(failure("no", "usageLimitExceeded").hint).toContain("limit");
  expect(failure("no", { httpConnectionFailed: { httpStatusCode: 503 } }).status).toBe(503);
});

it("a service's JSON is read for its sentence, and details are added once", () => {
  const json = JSON.stringify({ error: { message: "stub bad request", type: "x" } });
  expect(failure(json, "badRequest").message).toBe("stub bad request");
  expect(failure("it broke", "other", "because of x").message).toBe("it broke (because of x)");
  expect(failure("it broke: because of x", "other", "because of x").message).toBe("it broke: because of x");
  expect(failure("{half", "other").message).toBe("{half");
});
