import { expect, test } from "vitest";
import { shown, temporaryWorkspace } from "./temporary-workspace.ts";

test("the list replaces the plan and is shown with marks", async () => {
  const { call } = await temporaryWorkspace();
  const items = [
    { text: "read", status: "completed" },
    { text: "edit", status: "in_progress" },
    { text: "test", status: "pending" },
  ];
  const output = await call("todo", { items });
  expect(shown(output)).toBe("[x] read\n[>] edit\n[ ] test");
  expect(output.details).toEqual({ plan: items, summary: "1/3 done" });
});

test("the words of other programs are understood, a wrong status is not", async () => {
  const { call } = await temporaryWorkspace();
  const output = await call("todo", { todos: [{ content: "read", status: "done", id: 7 }] });
  expect(shown(output)).toBe("[x] read");
  const failing = call("todo", { items: [{ text: "x", status: "maybe" }] });
  await expect(failing).rejects.toThrow("`items[0].status` must be one of pending, in_progress, completed");
});
