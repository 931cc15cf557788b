// What goes wrong: the model's service refuses, the agent's program dies. The next prompt works, nothing is forgotten.
import assert from "node:assert/strict";
import { ofType } from "../../support/events.ts";
import type { Bed } from "../bed.ts";
import { answerOf, type Case, callsAreClosed, runEnd } from "./case.ts";

function errorCase(status: number): Case {
  return {
    name: `error ${status}`,
    play: async (bed) => {
      bed.scene({ fail: status, say: "the model is on fire" });
      const person = await bed.open();
      const end = runEnd(await person.run("go PINEAPPLE"), "failed");
      assert.match(end?.error?.code ?? "", /^[a-z]+\.[a-z_]+$/);
      bed.scene({ say: "Better." });
      runEnd(await person.run("again"), "completed");
      assert.equal(answerOf(person.messages()), "Better.");
      assert.match(bed.lastTurn(), /go PINEAPPLE/, "the conversation is kept");
      return end?.error?.code;
    },
  };
}

export const errorCases: readonly Case[] = [errorCase(401), errorCase(500)];

/** The agent's program is the child of ours; what it started itself has to end by itself. */
function killProgram(bed: Bed): void {
  const programs = bed.processes().filter(({ parent }) => parent === process.pid);
  assert.equal(programs.length, 1, `its program: ${JSON.stringify(programs)}`);
  for (const { pid } of programs) process.kill(pid, "SIGKILL");
}

export const crashCase: Case = {
  name: "crash",
  play: async (bed) => {
    bed.scene({ hold: "half a word" });
    const person = await bed.open();
    const done = person.run("go PINEAPPLE");
    await person.until("half an answer", () => ofType(person.events, "message_update").length > 0);
    killProgram(bed);
    const events = await done;
    const end = runEnd(events, "failed");
    callsAreClosed(events);
    bed.scene({ say: "Back." });
    runEnd(await person.run("again"), "completed");
    assert.equal(answerOf(person.messages()), "Back.");
    assert.match(bed.lastTurn(), /go PINEAPPLE/, "the conversation is kept");
    return end?.error?.code;
  },
};
