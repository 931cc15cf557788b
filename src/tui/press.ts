// Who gets a key: the open list, the question, the queue, the input; and what the keys of everywhere do.
import type { Key } from "ink";
import { PermissionMode } from "../protocol/approval.ts";
import { COMPOSER_FOCUS } from "./desk.ts";
import { openApproval } from "./draw-frame.ts";
import { matchKey } from "./keys/keybindings.ts";
import type { KeyAction } from "./keys/keys.ts";
import { type KeyPress, readKeys } from "./keys/read-keys.ts";
import type { Screen } from "./screen.ts";
import { answerApproval } from "./screens/approvals.ts";
import { pressInPicker } from "./screens/picking.ts";
import { openQueue, pressInQueue } from "./screens/queue.ts";

export type Presser = {
  press: (input: string, key: Key) => void;
  paste: (text: string) => void;
};

/** A second press within this long means it. */
const TWICE_MS = 2_000;
/** A question that appears while the person types a draft takes no key before they stopped for this long. */
const TYPING_MS = 600;

/** Connects the keyboard to the screen. `now` in milliseconds. */
export function createPresser(screen: Screen, now: () => number): Presser {
  const last = { clearMs: 0, escapeMs: 0, typedMs: 0 };
  screen.onAction = (action) => act(screen, action, { now, last });
  const press = (input: string, key: Key): void => {
    const focus = screen.focus();
    screen.say("");
    switch (focus.kind) {
      case "line":
        focus.composer.press(input, key);
        break;
      case "picker":
      case "queue":
        for (const each of pressesOf(input, key)) pressInList(screen, each);
        break;
      case "composer": {
        const typing = now() - last.typedMs < TYPING_MS && screen.composer.text() !== "";
        last.typedMs = now();
        pressInComposer(screen, input, key, typing);
        break;
      }
    }
  };
  const paste = (text: string): void => {
    const focus = screen.focus();
    if (focus.kind === "line") focus.composer.paste(text);
    else if (focus.kind === "composer") screen.composer.paste(text);
  };
  return { press, paste };
}

function pressesOf(input: string, key: Key): KeyPress[] {
  const read = readKeys(input, key);
  return "presses" in read ? read.presses : [{ chord: null, text: read.paste }];
}

function pressInList(screen: Screen, press: KeyPress): void {
  const focus = screen.focus();
  if (focus.kind === "picker") pressInPicker(screen, focus, press);
  if (focus.kind !== "queue") return;
  const action = matchKey(press, screen.bindings, ["queue", "everywhere"]);
  if (action !== null && !pressInQueue(screen, focus.selected, action)) screen.onAction(action);
}

/** An open question takes the keys, unless the person is in the middle of writing. */
function pressInComposer(screen: Screen, input: string, key: Key, typing: boolean): void {
  const request = openApproval(screen.app.conversation.state(), screen.focus());
  if (!request || typing) {
    screen.composer.press(input, key);
    return;
  }
  for (const each of pressesOf(input, key)) {
    const action = matchKey(each, screen.bindings, ["approval", "everywhere"]);
    if (action === null) continue;
    if (!answerApproval(screen, request, action)) screen.onAction(action);
    return;
  }
  screen.say("The question above waits for y, a, n or e.");
}

type Timing = { now: () => number; last: { clearMs: number; escapeMs: number } };

function act(screen: Screen, action: KeyAction, timing: Timing): void {
  const { app } = screen;
  const busy = app.conversation.state().run !== null;
  switch (action) {
    case "interrupt":
      interrupt(screen, timing);
      break;
    case "clear_or_leave":
      clearOrLeave(screen, timing, busy);
      break;
    case "leave_if_empty":
      if (!busy) screen.leave(0);
      else screen.say("The agent is at work: /exit leaves when it is done, Ctrl+C twice now.");
      break;
    case "cycle_mode":
      screen.attempt(() => app.permissions.setMode(nextMode(app.permissions.mode())));
      break;
    case "transcript":
      screen.openTranscript();
      break;
    case "external_editor":
      screen.openEditor();
      break;
    case "queue_edit":
      openQueue(screen);
      break;
    case "redraw":
      screen.redraw();
      break;
    case "suspend":
      screen.suspend();
      break;
  }
}

function interrupt(screen: Screen, { now, last }: Timing): void {
  const { app, composer } = screen;
  if (app.conversation.state().run !== null) {
    screen.setFocus(COMPOSER_FOCUS);
    screen.attempt(() => app.conversation.send({ type: "interrupt" }));
    return;
  }
  const twice = now() - last.escapeMs < TWICE_MS;
  last.escapeMs = twice ? 0 : now();
  if (composer.text() !== "") return;
  if (twice) screen.command("/tree");
  else screen.say("Esc again shows the tree of this session.");
}

/** The composer has cleared the text already when there was one. */
function clearOrLeave(screen: Screen, { now, last }: Timing, busy: boolean): void {
  const twice = now() - last.clearMs < TWICE_MS;
  last.clearMs = now();
  if (twice) screen.leave(busy ? 130 : 0);
  else screen.say("Ctrl+C again leaves.");
}

function nextMode(mode: PermissionMode): PermissionMode {
  const modes = PermissionMode.options;
  return modes[(modes.indexOf(mode) + 1) % modes.length] ?? "ask";
}
