// Where in a turn a message was taken in that was handed into it. ACP does not tell: an agent shows its model the message
// with the next request, so it stands before the first word or call of the response after that. Pure.
import type { AcpUpdate } from "./wire.ts";

type Sent = { id: string; messageId: string | undefined; due: boolean };

const DONE = ["completed", "failed"];

export class SteerPlace {
  #sent: Sent[] = [];
  readonly #open = new Set<string>();
  /** Of the response that streams. */
  #messageId: string | undefined;

  add(id: string): void {
    this.#sent.push({ id, messageId: this.#messageId, due: false });
  }

  drop(id: string): void {
    this.#sent = this.#sent.filter((sent) => sent.id !== id);
  }

  /** A call is known that has not ended. */
  opens(toolCallId: string): void {
    this.#open.add(toolCallId);
  }

  /** The messages that were taken in before this. */
  before(update: AcpUpdate): string[] {
    if (update.type === "tool") return this.#beforeTool(update);
    if (update.type !== "text" && update.type !== "thinking") return [];
    const { messageId } = update;
    for (const sent of this.#sent) {
      // Another response than the one that it was handed into.
      if (messageId !== undefined && sent.messageId !== undefined && messageId !== sent.messageId)
        sent.due = true;
    }
    this.#messageId = messageId;
    return this.#takeDue();
  }

  /** What the turn ends with is in the agent's session too. */
  rest(): string[] {
    const ids = this.#sent.map(({ id }) => id);
    this.#sent = [];
    return ids;
  }

  #beforeTool({ tool, begins }: Extract<AcpUpdate, { type: "tool" }>): string[] {
    const { toolCallId, status } = tool;
    const taken = begins && !this.#open.has(toolCallId) ? this.#takeDue() : [];
    if (!DONE.includes(status ?? "")) {
      if (begins) this.#open.add(toolCallId);
    } else if (this.#open.delete(toolCallId) || begins) {
      // The next request comes once all calls of a response have ended.
      if (this.#open.size === 0) for (const sent of this.#sent) sent.due = true;
    }
    return taken;
  }

  #takeDue(): string[] {
    const due = this.#sent.filter((sent) => sent.due).map(({ id }) => id);
    this.#sent = this.#sent.filter((sent) => !sent.due);
    return due;
  }
}
