// The list of tasks that Claude Code keeps with its tools: whole (`TodoWrite`), or task by task. Pure.
import type { PlanEntry } from "../../protocol/tool.ts";
import { type Fields, inner, textIn } from "../../session/import/fields.ts";
import { planStatus, todoList } from "./tool-view.ts";

export class TaskList {
  /** By its own ids, oldest first. */
  #tasks = new Map<string, PlanEntry>();

  /** The list after a call that went well; null where the call did not touch it. `output`: the tool's own. */
  after(name: string, input: Fields, output: Fields): PlanEntry[] | null {
    const whole = todoList(name, input);
    if (whole) this.#tasks = new Map(whole.map((entry, at) => [`${at}`, entry]));
    else if (name === "TaskCreate") this.#create(input, inner(output, "task"));
    else if (name === "TaskUpdate") this.#update(input);
    else return null;
    return [...this.#tasks.values()];
  }

  #create(input: Fields, task: Fields): void {
    const id = textIn(task, "id") || `new ${this.#tasks.size}`;
    this.#tasks.set(id, { text: textIn(task, "subject") || textIn(input, "subject"), status: "pending" });
  }

  #update(input: Fields): void {
    const id = textIn(input, "taskId");
    const before = this.#tasks.get(id);
    const status = textIn(input, "status");
    if (status === "deleted") this.#tasks.delete(id);
    if (!before || status === "deleted") return;
    this.#tasks.set(id, {
      text: textIn(input, "subject") || before.text,
      status: status === "" ? before.status : planStatus(status),
    });
  }
}
