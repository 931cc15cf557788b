// What pi's extensions ask: our own, whether a call may run; others, whatever they like.
import { fieldOf } from "../../lib/field-of.ts";
import type { PermissionVerdict, TurnListener } from "../external/connection.ts";
import type { PiLink } from "./link.ts";
import { previewDiffs } from "./preview.ts";
import { gateTool, nameTool } from "./tool-view.ts";
import type { PiTurn } from "./translate.ts";
import { AskedCall, type UiRequest } from "./wire.ts";

type Asked = { turn: PiTurn; listener: TurnListener };

/** As in pi-gate.js. */
const OURS = "hearth:permission";
const DIALOGS = ["select", "confirm", "input", "editor"];
const YES = /^\W*(allow|yes|approve|accept|ok|run|continue|proceed)\b/i;

export class Dialogs {
  readonly #link: PiLink;
  readonly #cwd: string;
  readonly #open = new Map<string, AbortController>();
  /** Verdicts on calls, by pi's id: an extension of the person's own may ask about the same call. */
  readonly #verdicts = new Map<string, Promise<PermissionVerdict>>();

  constructor(link: PiLink, cwd: string) {
    this.#link = link;
    this.#cwd = cwd;
  }

  /** `asked` null: no turn is there to answer for. */
  hear(request: UiRequest, asked: Asked | null): void {
    if (request.method === "notify") {
      const level = request.notifyType === "info" || request.notifyType === "" ? "info" : "warning";
      asked?.listener.onUpdate({
        type: "notice",
        level,
        code: "runtime.extension",
        message: request.message,
      });
      return;
    }
    if (!DIALOGS.includes(request.method)) return;
    const open = new AbortController();
    this.#open.set(request.id, open);
    if (!asked) this.#cancel(request.id);
    else {
      const answered =
        request.title === OURS
          ? this.#gate(request, asked, open.signal)
          : this.#other(request, asked, open.signal);
      // What cannot be put to anybody is not run.
      answered.catch(() => this.#cancel(request.id));
    }
  }

  /** Withdraws all that are open. */
  close(): void {
    for (const id of [...this.#open.keys()]) this.#cancel(id);
    this.#verdicts.clear();
  }

  #answer(id: string, value: string): void {
    if (this.#open.delete(id)) this.#link.answerDialog(id, { value });
  }

  #cancel(id: string): void {
    const open = this.#open.get(id);
    if (!this.#open.delete(id)) return;
    this.#link.answerDialog(id, { cancelled: true });
    open?.abort();
  }

  async #gate({ id, placeholder }: UiRequest, asked: Asked, signal: AbortSignal): Promise<void> {
    const call = readCall(placeholder);
    if (!call) return this.#cancel(id);
    const verdict = await this.#judge(call, asked, signal);
    if (verdict.answer === "cancel") return this.#cancel(id);
    if (verdict.answer === "reject") {
      return this.#answer(id, JSON.stringify({ allow: false, message: verdict.message }));
    }
    const { arguments: shown } = nameTool(call.toolName, call.input, this.#cwd);
    const changed = JSON.stringify(verdict.arguments) !== JSON.stringify(shown);
    this.#answer(id, JSON.stringify({ allow: true, ...(changed ? { input: verdict.arguments } : {}) }));
  }

  /** One question a call, whoever asks. */
  #judge(call: AskedCall, asked: Asked, signal: AbortSignal): Promise<PermissionVerdict> {
    const known = this.#verdicts.get(call.toolCallId);
    if (known !== undefined) return known;
    const verdict = this.#ask(call, asked, signal);
    this.#verdicts.set(call.toolCallId, verdict);
    return verdict;
  }

  async #ask({ toolCallId: id, toolName, input }: AskedCall, { listener }: Asked, signal: AbortSignal) {
    const naming = nameTool(toolName, input, this.#cwd);
    const diffs = await previewDiffs(naming, this.#cwd);
    const request = { call: { id, naming, diffs }, tool: gateTool(naming), editable: true };
    return listener.onPermission(request, signal);
  }

  /**
   * A question of another extension. One with a yes and a no about the call that is to run has the answer that the call
   * has; to any other there is nobody who could answer: the model may ask in its text.
   */
  async #other(request: UiRequest, asked: Asked, signal: AbortSignal): Promise<void> {
    const call = this.#subject(request, asked.turn);
    const yes = request.options.find((option) => YES.test(option));
    if (call && request.method === "select" && yes !== undefined) {
      const verdict = await this.#judge(call, asked, signal);
      const no = request.options.find((option) => !YES.test(option));
      if (verdict.answer === "allow") return this.#answer(request.id, yes);
      if (verdict.answer === "reject" && no !== undefined) return this.#answer(request.id, no);
      return this.#cancel(request.id);
    }
    const message = `An extension of pi asked "${request.title}": nobody can answer it here, so it was told no.`;
    asked.listener.onUpdate({ type: "notice", level: "info", code: "runtime.question", message });
    this.#cancel(request.id);
  }

  /** The call that a question is about: it names its command, its file or all its arguments. */
  #subject({ title, message }: UiRequest, turn: PiTurn): AskedCall | null {
    const call = turn.pending;
    if (!call) return null;
    const words = [...subjects(call), JSON.stringify(call.input)];
    const text = `${title}\n${message}`;
    return words.some((word) => word.length > 1 && text.includes(word)) ? call : null;
  }
}

function subjects({ input }: AskedCall): string[] {
  return ["command", "path"].map((name) => fieldOf(input, name)).filter((word) => typeof word === "string");
}

function readCall(text: string): AskedCall | null {
  try {
    return AskedCall.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    // Not from our extension, whatever its title says.
    return null;
  }
}
