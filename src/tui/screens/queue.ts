// Editing the queue with the arrow keys.
import type { QueueEdit } from "../../protocol/control.ts";
import { COMPOSER_FOCUS, type Desk } from "../desk.ts";
import type { KeyAction } from "../keys/keys.ts";

export function openQueue(desk: Desk): void {
  const count = desk.app.conversation.state().queue.length;
  if (count === 0) desk.say("Nothing is queued.");
  else desk.setFocus({ kind: "queue", selected: count - 1 });
}

/** False when the action is not about the queue. */
export function pressInQueue(desk: Desk, selected: number, action: KeyAction): boolean {
  const { queue } = desk.app.conversation.state();
  const item = queue[selected];
  const select = (index: number): void =>
    desk.setFocus({ kind: "queue", selected: Math.max(0, Math.min(queue.length - 1, index)) });
  if (!item) {
    desk.setFocus(COMPOSER_FOCUS);
    return action === "queue_close";
  }
  switch (action) {
    case "queue_next":
      select(selected + 1);
      return true;
    case "queue_previous":
      select(selected - 1);
      return true;
    case "queue_close":
      desk.setFocus(COMPOSER_FOCUS);
      return true;
    case "queue_take":
      edit(desk, { action: "remove", id: item.id });
      desk.composer.restore([item.text]);
      desk.setFocus(COMPOSER_FOCUS);
      return true;
    case "queue_drop":
      edit(desk, { action: "remove", id: item.id });
      if (queue.length === 1) desk.setFocus(COMPOSER_FOCUS);
      else select(Math.min(selected, queue.length - 2));
      return true;
    case "queue_move_up":
    case "queue_move_down": {
      const position = selected + (action === "queue_move_up" ? -1 : 1);
      edit(desk, { action: "move", id: item.id, position: Math.max(0, position) });
      select(position);
      return true;
    }
    case "queue_kind":
      if (item.kind === "steer" || item.kind === "follow_up") {
        edit(desk, { action: "kind", id: item.id, kind: item.kind === "steer" ? "follow_up" : "steer" });
      }
      return true;
    case "queue_now":
      desk.setFocus(COMPOSER_FOCUS);
      if (item.kind === "follow_up") edit(desk, { action: "kind", id: item.id, kind: "steer" });
      desk.attempt(() => desk.app.conversation.send({ type: "steer", text: "", now: true }));
      return true;
    default:
      return false;
  }
}

function edit(desk: Desk, change: QueueEdit): void {
  desk.attempt(() => desk.app.conversation.send({ type: "queue", edit: change }));
}
