// A person at an App without a screen: enters lines, answers questions, and waits for what should happen, not for ever.
import type { App } from "../../src/app/app.ts";
import { type CreateAppOptions, createApp } from "../../src/app/create-app.ts";
import { submit } from "../../src/app/submit.ts";
import type { AgentEvent } from "../../src/protocol/event.ts";
import type { Message } from "../../src/protocol/message.ts";
import { ofType } from "../support/events.ts";
import { faults } from "../support/runtime-session.ts";
import type { Place } from "./place.ts";

/** How questions are answered; `later`: not by itself. */
export type Answer = "allow" | "deny" | "later";

/** The slowest agent starts in 3 s on two cores, in 20 s where six others want them. */
const PATIENCE_MS = 60_000;

export class Person {
  readonly app: App;
  readonly events: AgentEvent[] = [];
  answers: Answer;
  readonly #waiting = new Set<() => void>();

  constructor(app: App, answers: Answer) {
    this.app = app;
    this.answers = answers;
    this.#listen();
    app.onConversation(() => this.#listen());
  }

  /** As Enter does, or Ctrl+S. */
  async enter(text: string, as: "enter" | "steer_now" = "enter"): Promise<void> {
    await submit(this.app, { text, as }, () => undefined);
  }

  /** Enters a line and waits until everything has settled; gives the events of it. */
  async run(text: string): Promise<AgentEvent[]> {
    const from = this.events.length;
    await this.enter(text);
    await this.until(`the end of the run "${text}"`, () => this.#count("settled", from) > 0);
    const events = this.events.slice(from);
    // Native would play the scene as well, and nobody would see that the agent never did.
    const fallback = ofType(events, "notice").find(({ code }) => code === "runtime.fallback");
    if (fallback) throw new Error(`${fallback.message} ${fallback.hint ?? ""}`);
    const wrong = faults(this.messages());
    if (wrong.length > 0) throw new Error(`no model would take this talk: ${wrong.join(", ")}`);
    return events;
  }

  /** Resolves at once when it is so already. */
  async until(what: string, test: () => boolean, patienceMs = PATIENCE_MS): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        clearInterval(look);
        this.#waiting.delete(wake);
      };
      const wake = (): void => {
        if (!test()) return;
        done();
        resolve();
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`no sign of ${what} in ${patienceMs / 1_000} s; ${this.#lately()}`));
      }, patienceMs);
      // For what shows in files and processes, not in events.
      const look = setInterval(wake, 50);
      this.#waiting.add(wake);
      wake();
    });
  }

  messages(): Message[] {
    return ofType(this.events, "message_end").map(({ message }) => message);
  }

  close(): Promise<void> {
    return this.app.close();
  }

  #count(type: AgentEvent["type"], from: number): number {
    return this.events.slice(from).filter((event) => event.type === type).length;
  }

  #lately(): string {
    const notices = ofType(this.events, "notice").map(({ message }) => message);
    return `last events: ${this.events.slice(-6).map(({ type }) => type)} ${notices.slice(-2).join(" | ")}`;
  }

  #listen(): void {
    const { conversation } = this.app;
    conversation.subscribe(({ event }) => {
      this.events.push(event);
      if (event.type === "approval_request" && this.answers !== "later") {
        const requestId = event.request.id;
        const outcome = this.answers === "allow" ? "allow_once" : "reject_once";
        void conversation.send({ type: "approve", requestId, outcome });
      }
      for (const wake of [...this.#waiting]) wake();
    });
  }
}

export async function openPerson(
  place: Place,
  options: Partial<CreateAppOptions> & { answers?: Answer } = {},
): Promise<Person> {
  const { answers = "later", ...more } = options;
  const app = await createApp({
    cwd: place.cwd,
    env: place.env,
    flags: {},
    demo: false,
    interactive: true,
    session: { kind: "new" },
    ...more,
  });
  return new Person(app, answers);
}
