// A Claude Code that says what a recorded one said, and waits where that one was told something.
import type { Recorded } from "./acp-transcript.ts";
import { AnsweringAgent, type Outside } from "./claude-agent-parts.ts";
import type { ReplayStep } from "./claude-transcript.ts";

export class ReplayingAgent extends AnsweringAgent {
  readonly #steps: ReplayStep[];
  /** Messages that came before they were waited for. */
  readonly #messages: Recorded[] = [];
  readonly #answered = new Set<string>();
  #interrupt: string | null = null;
  /** Ids of the recording to those of this talk. */
  readonly #ids = new Map<string, string>();

  constructor(steps: ReplayStep[], script: { initialized?: Recorded }, outside: Outside) {
    super(script, outside);
    this.#steps = steps;
  }

  protected hearMessage(line: Recorded): void {
    this.#messages.push(line);
    this.#goOn();
  }

  protected hearAnswer(requestId: string): void {
    this.#answered.add(requestId);
    this.#goOn();
  }

  protected interrupt(requestId: string): void {
    this.#interrupt = requestId;
    this.#goOn();
  }

  #goOn(): void {
    for (let step = this.#steps[0]; step; step = this.#steps[0]) {
      if (!this.#take(step)) {
        this.outside.note("waits", step);
        return;
      }
      this.#steps.shift();
    }
  }

  /** False: it waits. */
  #take(step: ReplayStep): boolean {
    switch (step.do) {
      case "say":
        // What answers a request that we make no more says nothing to us.
        if (step.line.type !== "control_response" || this.#ids.has(step.line.response.request_id))
          this.outside.say(this.#renamed(step.line));
        return true;
      case "await-message": {
        const message = this.#messages.shift();
        if (message && step.uuid !== "") this.#ids.set(step.uuid, message.uuid);
        return message !== undefined;
      }
      case "await-answer":
        return this.#answered.delete(step.requestId);
      case "await-interrupt":
        if (this.#interrupt === null) return false;
        this.#ids.set(step.requestId, this.#interrupt);
        this.#interrupt = null;
        return true;
      case "exit":
        process.exit(1);
    }
  }

  #renamed(line: Recorded): Recorded {
    let text = JSON.stringify(line);
    for (const [recorded, now] of this.#ids) text = text.replaceAll(`"${recorded}"`, `"${now}"`);
    return JSON.parse(text);
  }
}
