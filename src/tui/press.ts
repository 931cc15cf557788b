// Who gets a key: the open list, the question, the queue, the input; and what the keys of everywhere do.
import type { Key } from "ink";
import { interruptWords } from "../app/interrupt-words.ts";
import { isAtWork } from "../app/state.ts";
import { PermissionMode } from "../protocol/approval.ts";
import { COMPOSER_FOCUS } from "./desk.ts";
import { hasDraft } from "./editor/composer-state.ts";
import { keyNames } from "./keys/key-words.ts";
import { matchKey } from "./keys/keybindings.ts";
import type { KeyAction } from "./keys/keys.ts";
import { type KeyPress, pressesOf } from "./keys/read-keys.ts";
import type { Screen } from "./screen.ts";
import { movesToBackground } from "./screens/background.ts";
import { leavingWords } from "./screens/leaving.ts";
import { pressInList } from "./screens/list-keys.ts";
import { showPicker } from "./screens/pickers.ts";
import { pressInPicker } from "./screens/picking.ts";
import { createQuestionKeys } from "./screens/question-keys.ts";
import { openQueue } from "./screens/queue.ts";

export type Presser = {
  press: (input: string, key: Key) => void;
  paste: (text: string) => void;
};

/** A second press within this long means it. */
const TWICE_MS = 2_000;

/** Connects the keyboard to the screen. `now` in milliseconds. */
export function createPresser(screen: Screen, now: () => number): Presser {
  const last = { clearMs: 0, escapeMs: 0 };
  const question = createQuestionKeys(screen, now);
  const modes = modesToCycle(screen.app.permissions.mode());
  screen.onAction = (action) => act(screen, action, { now, last, modes });
  const press = (input: string, key: Key): void => {
    const focus = screen.focus();
    screen.say("");
    switch (focus.kind) {
      case "line":
        focus.composer.press(input, key);
        break;
      case "picker":
        for (const each of pressesOf(input, key)) pressOneInPicker(screen, each);
        break;
      case "queue":
      case "processes":
        if (!question.take(input, key)) pressInLists(screen, focus.kind, { input, key });
        break;
      case "composer": {
        const presses = pressesOf(input, key);
        if (question.take(input, key) || movesToBackground(screen, presses) || opensQueue(screen, presses))
          break;
        screen.composer.press(input, key);
        break;
      }
    }
  };
  const paste = (text: string): void => {
    const focus = screen.focus();
    if (focus.kind === "line") focus.composer.paste(text);
    if (focus.kind === "picker") pressInPicker(screen, focus, { chord: null, text });
    if (focus.kind === "line" || focus.kind === "picker") return;
    if (focus.kind !== "composer") screen.setFocus(COMPOSER_FOCUS);
    question.release();
    screen.composer.paste(text);
  };
  return { press, paste };
}

/** What is no key of the list is the input's. */
function pressInLists(
  screen: Screen,
  list: "queue" | "processes",
  { input, key }: { input: string; key: Key },
): void {
  const presses = pressesOf(input, key);
  const isBehind = list === "processes" && screen.app.conversation.state().approvals.length > 0;
  const isTaken = isBehind ? closesUnseen(screen, presses) : pressInList(screen, presses);
  if (!isTaken) screen.composer.press(input, key);
}

/** A list that a question stands before takes no more keys, but that what was meant to close it does only that. */
function closesUnseen(screen: Screen, presses: readonly KeyPress[]): boolean {
  screen.setFocus(COMPOSER_FOCUS);
  return presses.some((press) => matchKey(press, screen.bindings, ["processes"]) === "process_close");
}

/** Of presses that come together each meets the list as the one before left it. */
function pressOneInPicker(screen: Screen, press: KeyPress): void {
  const focus = screen.focus();
  if (focus.kind === "picker") pressInPicker(screen, focus, press);
}

/** Up on an empty input goes to what is queued; earlier prompts are there when nothing is. */
function opensQueue(screen: Screen, presses: readonly KeyPress[]): boolean {
  const [press] = presses;
  if (press === undefined || presses.length > 1 || hasDraft(screen.composer.state())) return false;
  if (matchKey(press, screen.bindings, ["composer"]) !== "cursor_up") return false;
  if (screen.app.conversation.state().queue.length === 0) return false;
  openQueue(screen);
  return true;
}

type Keyboard = {
  now: () => number;
  last: { clearMs: number; escapeMs: number };
  /** What Shift+Tab goes through. */
  modes: readonly PermissionMode[];
};

function act(screen: Screen, action: KeyAction, keyboard: Keyboard): void {
  const { app } = screen;
  const key = keyNames(screen.bindings);
  const busy = isAtWork(app.conversation.state());
  switch (action) {
    case "interrupt":
      interrupt(screen, keyboard);
      break;
    case "clear_or_leave":
      clearOrLeave(screen, keyboard, busy);
      break;
    case "leave_if_empty":
      if (!busy) screen.leave(0);
      else
        screen.say(`The agent is at work: /exit leaves when it is done, ${key("clear_or_leave")} twice now.`);
      break;
    case "cycle_mode":
      screen.attempt(() => app.permissions.setMode(nextMode(app.permissions.mode(), keyboard.modes)));
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
    case "palette":
      showPicker(screen, "command");
      break;
    case "redraw":
      screen.redraw();
      break;
    case "suspend":
      screen.suspend();
      break;
  }
}

function interrupt(screen: Screen, { now, last }: Keyboard): void {
  const { app, composer } = screen;
  if (isAtWork(app.conversation.state())) {
    screen.setFocus(COMPOSER_FOCUS);
    const before = app.conversation.state();
    screen.attempt(async () => {
      await app.conversation.send({ type: "interrupt" });
      screen.say(interruptWords(before));
    });
    return;
  }
  const twice = now() - last.escapeMs < TWICE_MS;
  last.escapeMs = twice ? 0 : now();
  if (composer.text() !== "") return;
  if (twice) screen.command("/tree");
  else screen.say(`${keyNames(screen.bindings)("interrupt")} again shows the tree of this session.`);
}

/** The composer has cleared the text already when there was one. */
function clearOrLeave(screen: Screen, { now, last }: Keyboard, busy: boolean): void {
  const twice = now() - last.clearMs < TWICE_MS;
  last.clearMs = now();
  if (twice) screen.leave(busy ? 130 : 0);
  else screen.say(leavingWords(screen, busy));
}

/** Nobody gets into `full` by a slip of the finger: only who began there goes through it. */
function modesToCycle(first: PermissionMode): PermissionMode[] {
  return PermissionMode.options.filter((mode) => mode !== "full" || first === "full");
}

/** From a mode outside the cycle to its first. */
function nextMode(mode: PermissionMode, modes: readonly PermissionMode[]): PermissionMode {
  return modes[(modes.indexOf(mode) + 1) % modes.length] ?? "ask";
}
