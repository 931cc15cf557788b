import { expect, test } from "vitest";
import { FIRST_WORDS, idleHint } from "../../../src/tui/screens/idle-hint.ts";
import { newPlace, openTestApp } from "../../app/test-app.ts";
import { withStub } from "../../support/stub.ts";

test("says how to begin before the first prompt, and nothing after it", async () => {
  await using stub = await withStub(["hello"]);
  const test = await openTestApp(await newPlace({ model: "anthropic/claude-sonnet-5-5" }), { stub });
  expect(idleHint(test.app)).toBe(FIRST_WORDS);
  await test.run("hi");
  expect(idleHint(test.app)).toBe("");
});

test("says where a model comes from while there is none", async () => {
  const { app } = await openTestApp(await newPlace());
  expect(idleHint(app)).toContain("/setup");
});

test("in the demo names one thing after the other that the demo does", async () => {
  const test = await openTestApp(await newPlace(), { demo: true });
  expect(idleHint(test.app)).toBe("try: fix the failing test");
  await test.run("hello");
  expect(idleHint(test.app)).toBe("try: show the diff");
});
