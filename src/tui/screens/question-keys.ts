// The keys of an open question: which press answers it, and which begins a message instead. A letter of a sentence
// must never answer.
import type { Key } from "ink";
import type { ApprovalRequest } from "../../protocol/approval.ts";
import { openApproval } from "../draw-frame.ts";
import { hasDraft } from "../editor/composer-state.ts";
import { matchKey } from "../keys/keybindings.ts";
import type { KeyAction } from "../keys/keys.ts";
import { type KeyPress, pressesOf } from "../keys/read-keys.ts";
import type { Screen } from "../screen.ts";
import { answerApproval } from "./approvals.ts";

export type QuestionKeys = {
  /** False when the key is for the input: no question is open, or the person writes. */
  take: (input: string, key: Key) => boolean;
  /** Text comes: a letter that is held was the beginning of it. */
  release: () => void;
};

/** A letter this soon after the question appeared, or after another key, may belong to a sentence. */
const CALM_MS = 500;
/** Such a letter answers when no other follows within this time. */
const HOLD_MS = 250;

type Reading = { input: string; key: Key; isCalm: boolean };
type Held = { request: ApprovalRequest; action: KeyAction; input: string; key: Key; timer: NodeJS.Timeout };

/** `now` in milliseconds. */
export function createQuestionKeys(screen: Screen, now: () => number): QuestionKeys {
  const last = { requestId: "", ms: Number.NEGATIVE_INFINITY };
  let held: Held | null = null;
  const current = (): ApprovalRequest | null => {
    const request = openApproval(screen.app.conversation.state(), screen.focus());
    const requestId = request?.id ?? "";
    if (requestId !== last.requestId) Object.assign(last, { requestId, ms: now() });
    return request;
  };
  screen.frame.subscribe(current);
  const takeHeld = (): Held | null => {
    const taken = held;
    held = null;
    if (taken) clearTimeout(taken.timer);
    return taken;
  };
  const type = (taken: Held | null): void => {
    if (taken) screen.composer.press(taken.input, taken.key);
  };
  /** The question may be gone by now, or another one stand there. */
  const settle = (): void => {
    const taken = takeHeld();
    if (taken && current()?.id === taken.request.id) answerApproval(screen, taken.request, taken.action);
    else type(taken);
  };
  const answer = (press: KeyPress, { isCalm, ...reading }: Reading): boolean => {
    const request = current();
    if (request === null || hasDraft(screen.composer.state())) return false;
    if (isSubmit(screen, press)) {
      if (screen.focus().kind === "queue") return false;
      screen.say("The question above waits for an answer.");
      return true;
    }
    const action = answerOf(screen, request, press);
    if (action === null) return false;
    if (isCalm || press.text === null) answerApproval(screen, request, action);
    else held = { ...reading, request, action, timer: setTimeout(settle, HOLD_MS) };
    return true;
  };
  return {
    release: () => type(takeHeld()),
    take: (input, key) => {
      const [press, ...more] = pressesOf(input, key);
      if (press === undefined) return false;
      current();
      const isCalm = now() - last.ms >= CALM_MS;
      last.ms = now();
      const isAlone = more.length === 0;
      if (held && isAlone && isSubmit(screen, press)) {
        settle();
        return true;
      }
      type(takeHeld());
      // What comes in one piece was pasted, or typed too fast to be meant one by one.
      return isAlone && answer(press, { input, key, isCalm });
    },
  };
}

function isSubmit({ bindings }: Screen, press: KeyPress): boolean {
  return matchKey(press, bindings, ["composer"]) === "submit";
}

/** The key of an answer that the card does not offer is a letter like any other. */
function answerOf({ bindings }: Screen, request: ApprovalRequest, press: KeyPress): KeyAction | null {
  const action = matchKey(press, bindings, ["approval"]);
  if (action === "approve_always" && request.alwaysRule === undefined) return null;
  if (action === "approve_edit" && request.editable === false) return null;
  return action;
}
