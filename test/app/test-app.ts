// A real App in a temporary home and workspace, with its events at hand. Closed when the test ends.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { App } from "../../src/app/app.ts";
import type { LiveConversation } from "../../src/app/conversation.ts";
import { type CreateAppOptions, createApp } from "../../src/app/create-app.ts";
import { submit } from "../../src/app/submit.ts";
import type { Settings } from "../../src/config/settings.ts";
import type { AgentEvent } from "../../src/protocol/event.ts";
import type { HistoryEntry } from "../../src/runtimes/runtime.ts";
import type { TestStub } from "../support/stub.ts";
import { providerEnv } from "../support/stub.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

export type Place = { home: string; cwd: string };

export async function newPlace(settings: Settings = {}): Promise<Place> {
  const folder = await temporaryFolder();
  const place = { home: join(folder, "home"), cwd: join(folder, "work") };
  await Promise.all([mkdir(place.home), mkdir(place.cwd)]);
  await writeSettings(place, settings);
  return place;
}

/** The user's settings; retries do not wait. */
export async function writeSettings(place: Place, settings: Settings): Promise<void> {
  const whole = { retry: { attempts: 1 }, ...settings };
  await writeFile(join(place.home, "settings.json"), JSON.stringify(whole));
}

export class TestApp {
  readonly app: App;
  readonly events: AgentEvent[] = [];
  /** What commands that had to wait gave. */
  readonly late: unknown[] = [];
  #watchers: { matches: (event: AgentEvent) => boolean; resolve: () => void }[] = [];

  constructor(app: App) {
    this.app = app;
    this.#subscribe();
    app.onConversation(() => this.#subscribe());
  }

  /** Submits a line as Enter does. */
  enter(text: string, as: "enter" | "follow_up" | "steer_now" = "enter") {
    return submit(this.app, { text, as }, (late) => this.late.push(late));
  }

  /** Submits a line and waits until everything has settled. */
  async run(text: string): Promise<void> {
    const settled = this.next("settled");
    await this.enter(text);
    await settled;
  }

  /** The next event of that type (that matches). Ask before what causes it. */
  async next<Type extends AgentEvent["type"]>(
    type: Type,
    matches: (event: Extract<AgentEvent, { type: Type }>) => boolean = () => true,
  ): Promise<Extract<AgentEvent, { type: Type }>> {
    const found: Extract<AgentEvent, { type: Type }>[] = [];
    await new Promise<void>((resolve) => {
      this.#watchers.push({
        matches: (event) => {
          if (event.type !== type) return false;
          const candidate = event as Extract<AgentEvent, { type: Type }>;
          return matches(candidate) && found.push(candidate) > 0;
        },
        resolve,
      });
    });
    const [event] = found;
    if (!event) throw new Error(`no ${type}`);
    return event;
  }

  /** What a runtime that starts now would be given. */
  history(): readonly HistoryEntry[] {
    return (this.app.conversation as LiveConversation).history();
  }

  notices(): string[] {
    return this.events.flatMap((event) => (event.type === "notice" ? [event.message] : []));
  }

  #subscribe(): void {
    this.app.conversation.subscribe(({ event }) => {
      this.events.push(event);
      const met = this.#watchers.filter(({ matches }) => matches(event));
      this.#watchers = this.#watchers.filter((watcher) => !met.includes(watcher));
      for (const { resolve } of met) resolve();
    });
  }
}

/** Without a stub there is no key. */
export async function openTestApp(
  place: Place,
  options: Partial<CreateAppOptions> & { stub?: TestStub } = {},
): Promise<TestApp> {
  const { stub, ...rest } = options;
  const app = await createApp({
    cwd: place.cwd,
    env: {
      PATH: process.env.PATH,
      HOME: place.home,
      HEARTH_HOME: place.home,
      ...(stub ? providerEnv(stub) : {}),
    },
    flags: {},
    demo: false,
    interactive: true,
    session: { kind: "new" },
    ...rest,
  });
  onTestFinished(() => app.close());
  return new TestApp(app);
}

/** The texts of a recorded request on Anthropic's wire, by message. */
export function requestTexts(stub: TestStub, index = -1): { role: string; text: string }[] {
  const body = stub.requests.at(index)?.body as { messages: { role: string; content: unknown }[] };
  return body.messages.map(({ role, content }) => ({
    role,
    text:
      typeof content === "string"
        ? content
        : (content as { text?: string; content?: unknown }[])
            .map((part) => part.text ?? JSON.stringify(part.content ?? ""))
            .join("\n"),
  }));
}

export function requestModels(stub: TestStub): string[] {
  return stub.requests.map(({ body }) => (body as { model: string }).model);
}
