// What is done otherwise than the person may expect, said once in a session.
import { post } from "../../agent/post.ts";
import type { ControlMessage } from "../../protocol/control.ts";
import type { EmitEvent } from "../../protocol/event.ts";
import type { RuntimeCapabilities } from "../runtime.ts";

export class Explainer {
  readonly #name: string;
  readonly #emit: EmitEvent;
  readonly #said = new Set<string>();

  /** `name` as the person calls the agent. */
  constructor(name: string, emit: EmitEvent) {
    this.#name = name;
    this.#emit = emit;
  }

  /** Told what is sent while a turn runs. */
  heed({ type, ...message }: ControlMessage, { steer }: Pick<RuntimeCapabilities, "steer">): void {
    const now = "now" in message && message.now === true;
    if (type === "steer" && steer !== "native" && !now) {
      this.#say(
        "runtime.steer",
        `${this.#name} takes steering once its own turn is over; "steer now" cuts the turn short.`,
      );
    }
    if (type === "pause") {
      this.#say(
        "runtime.pause",
        `${this.#name} cannot be held in the middle: it stops at its next question or at the end of its turn.`,
      );
    }
  }

  #say(code: string, message: string): void {
    if (this.#said.has(code)) return;
    this.#said.add(code);
    post(this.#emit, { type: "notice", level: "info", code, message });
  }
}
