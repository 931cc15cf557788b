// The steers of one turn that were handed on to an agent which takes them in while it works.
import { postNotice } from "../../agent/post.ts";
import type { ClaimedSteer, RunControl } from "../../agent/run-control.ts";
import { toFailure } from "../../lib/app-error.ts";
import type { EmitEvent } from "../../protocol/event.ts";
import type { AgentConnection } from "./connection.ts";
import { contentBlocks } from "./prompt-blocks.ts";

type SentSteersOptions = {
  connection: AgentConnection;
  control: Pick<RunControl, "claimSteer">;
  emit: EmitEvent;
};

export class SentSteers {
  readonly #options: SentSteersOptions;
  /** Puts a record at its place in the talk. */
  readonly #insert: (record: () => Promise<unknown>) => Promise<void>;
  readonly #sent = new Map<string, ClaimedSteer>();
  #offering: Promise<void> = Promise.resolve();
  #over = false;

  constructor(options: SentSteersOptions, insert: (record: () => Promise<unknown>) => Promise<void>) {
    this.#options = options;
    this.#insert = insert;
  }

  /** Hands on what waits, one after another; what the agent does not take stays in our queue. */
  offer(): Promise<void> {
    this.#offering = this.#offering.then(() => this.#handOn());
    return this.#offering;
  }

  async #handOn(): Promise<void> {
    const { connection, emit } = this.#options;
    if (!connection.steer) return;
    for (let steer = this.#next(); steer; steer = this.#next()) {
      this.#sent.set(steer.id, steer);
      const blocks = contentBlocks(steer.content, connection.capabilities.images ?? false);
      const taken = await connection.steer(blocks, steer.id).catch((error: unknown) => {
        postNotice(emit, "warning", toFailure(error));
        return false;
      });
      if (taken) continue;
      steer.release();
      this.#sent.delete(steer.id);
      return;
    }
  }

  #next(): ClaimedSteer | undefined {
    return this.#over ? undefined : this.#options.control.claimSteer();
  }

  /** The agent knows it from here on. */
  takenIn(id: string): void {
    const steer = this.#sent.get(id);
    this.#sent.delete(id);
    // What could not be recorded is told by whoever records, and the text goes back to the person.
    if (steer) this.#insert(() => steer.deliver()).catch(() => undefined);
  }

  /** The turn is over: what was not taken in waits like any other. */
  release(): void {
    this.#over = true;
    for (const steer of this.#sent.values()) steer.release();
    this.#sent.clear();
  }
}
