// One prompt with everything that is steered into it: which of our messages the agent took in, and when it is idle
// again. A message that comes too late for its turn makes a turn of its own, with an end of its own. Pure.

type Sent = { steerId: string | null; state: "sent" | "queued" | "taken" };

export class Exchange {
  readonly #prompt: string;
  readonly #sent = new Map<string, Sent>();
  #stopped = false;

  /** `prompt`: the UUID of the message that begins it. */
  constructor(prompt: string) {
    this.#prompt = prompt;
    this.#sent.set(prompt, { steerId: null, state: "sent" });
  }

  /** Something was sent to it that it has not taken in. */
  get waits(): boolean {
    return [...this.#sent.values()].some(({ state }) => state !== "taken");
  }

  steer(uuid: string, steerId: string): void {
    this.#sent.set(uuid, { steerId, state: "sent" });
  }

  /** From now on the first end is the last. */
  stop(): void {
    this.#stopped = true;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** What it says of a message. `steered`: ours that it knows from now on; `over`: there will be no end. */
  heard(uuid: string, state: "queued" | "taken" | "cancelled"): { steered: string | null; over: boolean } {
    const sent = this.#sent.get(uuid);
    const nothing = { steered: null, over: false };
    if (!sent || sent.state === "taken") return nothing;
    if (state === "cancelled") {
      this.#sent.delete(uuid);
      return { steered: null, over: uuid === this.#prompt };
    }
    sent.state = state;
    return state === "taken" ? { steered: sent.steerId, over: false } : nothing;
  }

  /** Whether an end of a turn is that of the exchange. */
  isOver(): boolean {
    if (this.#stopped) return true;
    // It works on what we did not ask for, and on ours after it.
    if (this.#sent.get(this.#prompt)?.state === "queued") return false;
    this.#sent.delete(this.#prompt);
    return !this.waits;
  }

  /** The UUIDs of what it never took in. */
  left(): string[] {
    return [...this.#sent].flatMap(([uuid, { state }]) => (state === "taken" ? [] : [uuid]));
  }
}
