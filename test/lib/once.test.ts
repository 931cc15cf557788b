import { expect, test } from "vitest";
import { once } from "../../src/lib/once.ts";

test("the value is made when it is first asked for, and is the same ever after", () => {
  let made = 0;
  const value = once(() => ({ number: ++made }));
  expect(made).toBe(0);
  expect(value()).toBe(value());
  expect(made).toBe(1);
});
