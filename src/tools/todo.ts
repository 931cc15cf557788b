// todo: the model's plan, shown to the user. Each call gives the whole list.
import type { Tool } from "../protocol/tool.ts";
import { defineTool, textOutput } from "./define-tool.ts";
import { choice, list, object, text } from "./parameters.ts";
import { TODO_DESCRIPTION } from "./todo.prompt.ts";
import type { ToolContext } from "./tool-context.ts";

const ITEM = object({
  text: text(""),
  status: choice("", ["pending", "in_progress", "completed"], {
    todo: "pending",
    active: "in_progress",
    "in-progress": "in_progress",
    done: "completed",
  }),
});

const MARKS = { pending: "[ ]", in_progress: "[>]", completed: "[x]" } as const;

export function todoTool({ state }: ToolContext): Tool {
  return defineTool({
    name: "todo",
    description: TODO_DESCRIPTION,
    kind: "read",
    parameters: { items: list(ITEM, "") },
    execute: ({ items }) => {
      state.plan = items;
      const done = items.filter((item) => item.status === "completed").length;
      const lines = items.map((item) => `${MARKS[item.status]} ${item.text}`);
      return Promise.resolve(
        textOutput(lines.join("\n") || "The list is empty.", {
          plan: items,
          summary: `${done}/${items.length} done`,
        }),
      );
    },
  });
}
