// What the person does while the agent works: interrupting a command, steering.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ofType } from "../../support/events.ts";
import type { Bed } from "../bed.ts";
import type { Person } from "../person.ts";
import { answerOf, type Case, callsAreClosed, contentText, runEnd, times } from "./case.ts";

/** A command that is under way once the file is there. It holds a child of its own. */
const LONG = "touch started.txt; tail -f started.txt & wait";

/** SPEC A-146. */
const GONE_MS = 3_000;

export function started(bed: Bed): boolean {
  return existsSync(join(bed.place.cwd, "started.txt"));
}

export function tails(bed: Bed): string[] {
  return bed
    .processes()
    .map(({ command }) => command)
    .filter((command) => command.startsWith("tail -f"));
}

export const interruptCase: Case = {
  name: "interrupt",
  play: async (bed) => {
    bed.scene({ run: LONG }, { say: "never" });
    const person = await bed.open("allow");
    const done = person.run("run it");
    await person.until("the command", () => started(bed) && tails(bed).length > 0);
    const before = Date.now();
    await person.app.conversation.send({ type: "interrupt" });
    const events = await done;
    runEnd(events, "interrupted");
    callsAreClosed(events);
    while (tails(bed).length > 0 && Date.now() - before < GONE_MS) await sleep(20);
    assert.deepEqual(tails(bed), [], "what the command started is gone within 3 s");
    await goesOn(bed, person);
    return undefined;
  },
};

/** The next prompt works, and what was said before it is known. */
async function goesOn(bed: Bed, person: Person): Promise<void> {
  bed.scene({ say: "Still here." });
  runEnd(await person.run("go on"), "completed");
  assert.equal(answerOf(person.messages()), "Still here.");
  assert.match(bed.lastTurn(), /run it/, "the conversation is kept");
}

export const interruptedQuestionCase: Case = {
  name: "interrupt asking",
  play: async (bed) => {
    bed.scene({ run: "touch asked.txt" }, { say: "never" });
    const person = await bed.open("later");
    const done = person.run("run it");
    await person.until("a question", () => ofType(person.events, "approval_request").length > 0);
    await person.app.conversation.send({ type: "interrupt" });
    const events = await done;
    runEnd(events, "interrupted");
    callsAreClosed(events);
    assert.ok(!existsSync(join(bed.place.cwd, "asked.txt")), "nothing ran");
    await goesOn(bed, person);
    return undefined;
  },
};

export const steerCase: Case = {
  name: "steer",
  play: async (bed) => {
    const wait = "touch started.txt; while [ ! -e go.txt ]; do sleep 0.1; done; echo went";
    bed.scene({ run: wait }, { say: "Done." }, { say: "As you say." });
    const person = await bed.open("allow");
    const done = person.run("run it");
    await person.until("the command", () => started(bed));
    await person.enter("rather BANANAS");
    await writeFile(join(bed.place.cwd, "go.txt"), "");
    const events = await done;
    runEnd(events, "completed");
    callsAreClosed(events);
    const said = person.messages().filter(({ role }) => role === "user");
    assert.deepEqual(
      said.map(({ content }) => contentText(content)),
      ["run it", "rather BANANAS"],
    );
    assert.equal(times(bed.lastTurn(), "rather BANANAS"), 1, "the model is told once");
    const own = answerOf(person.messages()) === "Done.";
    assert.match(answerOf(person.messages()), /Done\.|As you say\./);
    assert.equal(ofType(events, "tool_end")[0]?.isError, false, "the command was left alone");
    return own ? "within its turn" : "next prompt";
  },
};

export const steerNowCase: Case = {
  name: "steer now",
  play: async (bed) => {
    bed.scene({ hold: "half a word" }, { say: "As you say." });
    const person = await bed.open();
    const done = person.run("say much");
    await person.until("half an answer", () => ofType(person.events, "message_update").length > 0);
    await person.enter("rather BANANAS", "steer_now");
    const events = await done;
    runEnd(events, "completed");
    assert.equal(answerOf(person.messages()), "As you say.");
    assert.equal(times(bed.lastTurn(), "rather BANANAS"), 1, "the model is told once");
    return undefined;
  },
};
