// Editing the queue with the arrow keys. What was done is said in one line.
import { landingOf } from "../../app/landing.ts";
import { truncateText } from "../../lib/text-width.ts";
import type { QueueEdit, QueueItem } from "../../protocol/control.ts";
import { COMPOSER_FOCUS, type Desk } from "../desk.ts";
import { keyNames } from "../keys/key-words.ts";
import type { KeyAction } from "../keys/keys.ts";
import { sendNow } from "./steer-now.ts";

const SAID_LENGTH = 40;

export function openQueue(desk: Desk): void {
  const last = queueOf(desk).at(-1);
  if (last) desk.setFocus({ kind: "queue", id: last.id });
  else desk.say("Nothing is queued.");
}

/** False when the action is not about the queue. The item is known by its id: the list may have moved meanwhile. */
export function pressInQueue(desk: Desk, id: string, action: KeyAction): boolean {
  const queue = queueOf(desk);
  const at = queue.findIndex((item) => item.id === id);
  const item = queue[at];
  if (!item) return action === "queue_close" ? leave(desk) : reselect(desk, action);
  switch (action) {
    case "queue_next":
      return select(desk, queue[at + 1] ?? item);
    case "queue_previous":
      return select(desk, queue[at - 1] ?? item);
    case "queue_close":
      return leave(desk);
    case "queue_take":
      return take(desk, item);
    case "queue_change":
      return change(desk, item);
    case "queue_drop":
      return drop(desk, item, queue[at + 1] ?? queue[at - 1]);
    case "queue_move_up":
      return move(desk, item, at - 1);
    case "queue_move_down":
      return move(desk, item, at + 1);
    case "queue_kind":
      return turn(desk, item);
    case "queue_now":
      return steerNow(desk, item);
    default:
      return false;
  }
}

/** Whether an action belongs to the list; only then is it held back from an item that is gone. */
function reselect(desk: Desk, action: KeyAction): boolean {
  if (!action.startsWith("queue_")) return false;
  const [first] = queueOf(desk);
  desk.setFocus(first ? { kind: "queue", id: first.id } : COMPOSER_FOCUS);
  desk.say("That one has just gone; nothing was changed.");
  return true;
}

function select(desk: Desk, { id }: QueueItem): true {
  desk.setFocus({ kind: "queue", id });
  return true;
}

function leave(desk: Desk): true {
  desk.setFocus(COMPOSER_FOCUS);
  return true;
}

/** Out of the queue and into the input, before the draft. */
function take(desk: Desk, item: QueueItem): true {
  edit(desk, { action: "remove", id: item.id });
  leave(desk);
  if (isText(item)) desk.composer.restore([item.text]);
  desk.say(isText(item) ? "Out of the queue and in the input." : droppedWords(item));
  return true;
}

/** In its place; the draft stays as it is. */
function change(desk: Desk, item: QueueItem): true {
  if (!isText(item)) return say(desk, `A queued ${item.kind} has no text to edit.`);
  const key = keyNames(desk.bindings);
  desk.ask({
    title: `Edit the queued ${kindOf(item)} (${key("submit")} keeps it, ${key("interrupt")} goes back)`,
    initial: item.text,
    submit: (text) => {
      if (!queueOf(desk).some(({ id }) => id === item.id)) {
        desk.composer.restore([text]);
        desk.say("It was sent meanwhile: your words are in the input.");
        return;
      }
      desk.setFocus({ kind: "queue", id: item.id });
      if (text.trim() === "") return void desk.say(`Nothing was changed: ${key("queue_drop")} drops it.`);
      edit(desk, { action: "edit", id: item.id, text });
      desk.say("Changed.");
    },
    cancel: () => desk.setFocus({ kind: "queue", id: item.id }),
  });
  return true;
}

function droppedWords(item: QueueItem): string {
  switch (item.kind) {
    case "pause":
      return "The pause is off.";
    case "exit":
      return "It stays when the work is done.";
    case "steer":
    case "follow_up":
      return `Dropped: ${shortText(item)}`;
  }
}

function drop(desk: Desk, item: QueueItem, next: QueueItem | undefined): true {
  edit(desk, { action: "remove", id: item.id });
  if (next) select(desk, next);
  else leave(desk);
  return say(desk, droppedWords(item));
}

function move(desk: Desk, item: QueueItem, position: number): true {
  const count = queueOf(desk).length;
  if (position < 0) return say(desk, "It is the first already.");
  if (position >= count) return say(desk, "It is the last already.");
  const isUp = queueOf(desk).findIndex(({ id }) => id === item.id) > position;
  edit(desk, { action: "move", id: item.id, position });
  return say(desk, `Moved ${isUp ? "up" : "down"}: ${position + 1} of ${count}.`);
}

function turn(desk: Desk, item: QueueItem): true {
  if (!isText(item)) return say(desk, `A queued ${item.kind} stays what it is.`);
  const kind = item.kind === "steer" ? "follow_up" : "steer";
  edit(desk, { action: "kind", id: item.id, kind });
  const turned = { ...item, kind } as const;
  const state = desk.app.conversation.state();
  const queue = state.queue.map((each) => (each.id === item.id ? turned : each));
  return say(desk, `Now a ${kindOf(turned)}: goes ${goes(turned, desk, queue)}.`);
}

/** A follow-up becomes a steer first; all steers go with it, in order. */
function steerNow(desk: Desk, item: QueueItem): true {
  if (!isText(item)) {
    const key = keyNames(desk.bindings)("queue_drop");
    return say(desk, `Only texts are steered; ${key} drops the ${item.kind}.`);
  }
  leave(desk);
  desk.attempt(async () => {
    const { conversation } = desk.app;
    const edit = { action: "kind", id: item.id, kind: "steer" } as const;
    if (item.kind === "follow_up") await conversation.send({ type: "queue", edit });
    desk.say(await sendNow(desk));
  });
  return true;
}

function edit(desk: Desk, change: QueueEdit): void {
  desk.attempt(() => desk.app.conversation.send({ type: "queue", edit: change }));
}

function say(desk: Desk, words: string): true {
  desk.say(words);
  return true;
}

function queueOf(desk: Desk): readonly QueueItem[] {
  return desk.app.conversation.state().queue;
}

function goes(item: QueueItem, desk: Desk, queue: readonly QueueItem[]): string {
  return landingOf(item, { ...desk.app.conversation.state(), queue }, desk.now());
}

function isText({ kind }: QueueItem): boolean {
  return kind === "steer" || kind === "follow_up";
}

function kindOf({ kind }: QueueItem): string {
  return kind.replace("_", "-");
}

function shortText({ text }: QueueItem): string {
  return truncateText(text.replaceAll(/\s+/g, " "), SAID_LENGTH, "...");
}
