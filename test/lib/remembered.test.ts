import { expect, test } from "vitest";
import { remembered } from "../../src/lib/remembered.ts";

test("asks once for each text, and again only after very many others", () => {
  const asked: string[] = [];
  const upper = remembered((text) => {
    asked.push(text);
    return text.toUpperCase();
  });
  expect([upper("a"), upper("a"), upper("")]).toEqual(["A", "A", ""]);
  expect(asked).toEqual(["a", ""]);
  for (let index = 0; index < 1_000; index++) upper(String(index));
  expect(upper("a")).toBe("A");
  expect(asked.filter((text) => text === "a")).toHaveLength(2);
});
