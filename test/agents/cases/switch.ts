// One conversation over several agents in one session file: what each is told, and going back across a switch.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Agent } from "../agents.ts";
import type { Bed } from "../bed.ts";
import type { Person } from "../person.ts";
import { answerOf, runEnd, times } from "./case.ts";

/** Each step asks for a file named after its fruit. */
const FRUITS = ["APRICOT", "BANANA", "CHERRY"] as const;

/** `native`, then `first`, then `second`, then native again; then back to before the second switch. */
export async function playSwitches(bed: Bed, native: Agent, first: Agent, second: Agent): Promise<undefined> {
  const person = await bed.open("allow");
  const turns = [native, first, second];
  for (const [at, fruit] of FRUITS.entries()) {
    const agent = turns[at] ?? native;
    if (at > 0) await hand(bed, person, agent);
    await makeFile(bed, person, fruit);
    holds(bed, FRUITS.slice(0, at + 1), agent.name);
  }
  assert.deepEqual(await files(bed), ["APRICOT.txt", "BANANA.txt", "CHERRY.txt"]);
  await hand(bed, person, native);
  await say(bed, person, "what was made?");
  holds(bed, FRUITS, "native at the end");
  const sessions = await readdir(join(bed.place.home, "hearth", "sessions"), { recursive: true });
  assert.equal(sessions.filter((name) => name.endsWith(".jsonl")).length, 1, "one session file");
  await goBack(bed, person);
  // Their own sessions may hold more than the branch does now.
  for (const agent of [second, first]) {
    await hand(bed, person, agent);
    await knowsTwo(bed, person, agent.name);
  }
  return undefined;
}

async function hand(bed: Bed, person: Person, agent: Agent): Promise<void> {
  await person.enter(`/runtime activate ${agent.name}`);
  bed.agent = agent;
}

async function makeFile(bed: Bed, person: Person, fruit: string): Promise<void> {
  bed.scene({ write: `${fruit}.txt`, content: `${fruit}\n` }, { say: `Made the ${fruit} file.` });
  runEnd(await person.run(`make the ${fruit} one`), "completed");
  assert.equal(answerOf(person.messages()), `Made the ${fruit} file.`);
  assert.equal(readFileSync(join(bed.place.cwd, `${fruit}.txt`), "utf8"), `${fruit}\n`);
}

async function say(bed: Bed, person: Person, prompt: string): Promise<void> {
  bed.scene({ say: "I see." });
  runEnd(await person.run(prompt), "completed");
  assert.equal(answerOf(person.messages()), "I see.");
}

/** The newest request knows of prompts and answers, in their order. */
function holds(bed: Bed, fruits: readonly string[], who: string): void {
  const request = bed.lastTurn();
  const places = fruits.flatMap((fruit, at) => {
    const prompt = request.indexOf(`make the ${fruit} one`);
    // The answer to the newest prompt is still to come.
    const answered = at < fruits.length - 1 || request.includes(`Made the ${fruit} file.`);
    return answered ? [prompt, request.indexOf(`Made the ${fruit} file.`)] : [prompt];
  });
  assert.ok(!places.includes(-1), `${who} is told of ${fruits.join(", ")}: ${places.join()}`);
  assert.deepEqual(
    places.toSorted((a, b) => a - b),
    places,
    `${who} is told in order`,
  );
}

/** To the end of the run of the first switch: the second never happened, for files and for models. */
async function goBack(bed: Bed, person: Person): Promise<void> {
  await person.enter("/rewind 2 both");
  assert.deepEqual(await files(bed), ["APRICOT.txt", "BANANA.txt"]);
  await knowsTwo(bed, person, "native");
}

async function knowsTwo(bed: Bed, person: Person, who: string): Promise<void> {
  await say(bed, person, `and now, ${who}?`);
  const request = bed.lastTurn();
  for (const fruit of ["APRICOT", "BANANA"]) {
    assert.equal(times(request, `make the ${fruit} one`), 1, `${who} is told of ${fruit} once`);
  }
  assert.doesNotMatch(request, /CHERRY/, `${who} knows nothing of what was taken back`);
}

async function files({ place }: Bed): Promise<string[]> {
  return (await readdir(place.cwd)).filter((name) => name.endsWith(".txt")).toSorted();
}
