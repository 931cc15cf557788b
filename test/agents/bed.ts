// Bed: agents in one place, one of them at work, with a model that follows a scene.

import { offeredTools } from "../../src/server/stub/offered-tools.ts";
import type { RecordedRequest } from "../../src/server/stub/request-log.ts";
import { type Stub, startStub } from "../../src/server/stub/start-stub.ts";
import type { Agent, RuntimeSettings } from "./agents.ts";
import { type Step, sceneScript } from "./cast.ts";
import { type Answer, openPerson, type Person } from "./person.ts";
import { newPlace, type Place, removePlace, writeSettings } from "./place.ts";
import { type FoundProcess, leftAfter, processesOf } from "./processes.ts";

/** Ours and of any shape that Hearth's retries should not hide failures behind. */
const SETTINGS = { model: "anthropic/claude-opus-4-5", retry: { attempts: 1 } };

/** For an agent to be gone after its session was closed. */
const GONE_MS = 5_000;

export class Bed {
  /** Who is at work: scenes are put in its words. */
  agent: Agent;
  readonly place: Place;
  readonly stub: Stub;
  readonly #people: Person[] = [];

  constructor(agent: Agent, place: Place, stub: Stub) {
    this.agent = agent;
    this.place = place;
    this.stub = stub;
  }

  /** What the model does from now on. */
  scene(...steps: Step[]): void {
    this.stub.setScript(sceneScript(this.agent.cast, this.place.cwd, steps));
  }

  /** A person in front of the agent; `again` goes on with the session before. */
  async open(answers: Answer = "later", { again = false } = {}): Promise<Person> {
    const person = await openPerson(this.place, {
      answers,
      runtime: this.agent.name,
      session: { kind: again ? "continue" : "new" },
    });
    this.#people.push(person);
    return person;
  }

  /** The requests of its own turns, oldest first. */
  turns(): RecordedRequest[] {
    const { offers } = this.agent.cast;
    return this.stub.requests.filter(({ body }) => offeredTools(body).some(({ name }) => name === offers));
  }

  /** The newest request of its own turns as text. */
  lastTurn(): string {
    return JSON.stringify(this.turns().at(-1)?.body ?? null);
  }

  processes(): FoundProcess[] {
    return processesOf(this.place.root);
  }

  /** Ends everything, and gives what is left of it a few seconds later. */
  async close(): Promise<FoundProcess[]> {
    await Promise.allSettled(this.#people.map((person) => person.close()));
    const left = await leftAfter(this.place.root, GONE_MS);
    for (const { pid } of left) end(pid);
    await this.stub.close();
    return left;
  }

  remove(): Promise<void> {
    return removePlace(this.place);
  }
}

/** The first is at work; the others are declared. Native takes no turn of theirs: their failures are to be seen. `caseName`: for settings that hold in it alone. */
export async function openBed(
  folder: string,
  caseName: string,
  [agent, ...others]: readonly [Agent, ...Agent[]],
): Promise<Bed> {
  const stub = await startStub({ port: 0 });
  const place = await newPlace(folder, stub.url);
  const runtimes: Record<string, RuntimeSettings> = {};
  for (const { name, settings, idleTimeouts } of [agent, ...others]) {
    const idleTimeout = idleTimeouts?.[caseName];
    const own = idleTimeout === undefined ? {} : { idleTimeout };
    if (settings !== null) runtimes[name] = { strict: true, ...(await settings(place, folder)), ...own };
  }
  await writeSettings(place, { ...SETTINGS, runtimes });
  return new Bed(agent, place, stub);
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It went by itself.
  }
}
