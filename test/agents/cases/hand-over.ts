// native begins, the agent goes on, native ends: each is told what the other said and did.
import assert from "node:assert/strict";
import { native } from "../agents.ts";
import { answerOf, type Case, callsAreClosed, runEnd, times } from "./case.ts";

export const handOverCase: Case = {
  name: "hand-over",
  play: async (bed) => {
    const { agent } = bed;
    bed.agent = native;
    bed.scene({ run: "echo KIWI > kiwi.txt; cat kiwi.txt" }, { say: "And MANGO." });
    const person = await bed.open("allow");
    runEnd(await person.run("remember PINEAPPLE"), "completed");

    await person.enter(`/runtime activate ${agent.name}`);
    bed.agent = agent;
    bed.scene({ run: "echo GUAVA > guava.txt; cat guava.txt" }, { say: "And PAPAYA." });
    const events = await person.run("add LYCHEE");
    runEnd(events, "completed");
    callsAreClosed(events);
    assert.equal(answerOf(person.messages()), "And PAPAYA.");
    const told = bed.lastTurn();
    for (const word of ["PINEAPPLE", "MANGO", "LYCHEE"]) {
      assert.equal(times(told, word), 1, `the agent is told of ${word} once`);
    }
    assert.match(told, /KIWI/, "the agent is told of the call");

    await person.enter("/runtime activate native");
    bed.agent = native;
    bed.scene({ say: "All of them." });
    runEnd(await person.run("which words?"), "completed");
    const back = bed.lastTurn();
    for (const word of ["PINEAPPLE", "MANGO", "LYCHEE", "PAPAYA"]) {
      assert.equal(times(back, word), 1, `native is told of ${word} once`);
    }
    assert.match(back, /echo GUAVA/, "native is told of the agent's call");

    await person.enter(`/runtime activate ${agent.name}`);
    bed.agent = agent;
    bed.scene({ say: "Once more." });
    runEnd(await person.run("and you?"), "completed");
    const again = bed.lastTurn();
    for (const word of ["PINEAPPLE", "MANGO", "LYCHEE", "PAPAYA", "All of them."]) {
      assert.equal(times(again, word), 1, `the agent is told of ${word} once at the second time`);
    }
    return told.includes("<conversation-so-far>") ? "as a digest" : "as its own talk";
  },
};
