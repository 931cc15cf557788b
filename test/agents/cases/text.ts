import assert from "node:assert/strict";
import { answerOf, type Case, runEnd } from "./case.ts";

export const textCase: Case = {
  name: "text",
  play: async (bed) => {
    bed.scene({ thinking: "A greeting it is.", say: "Hello from the scene." });
    const person = await bed.open();
    const events = await person.run("say hello");
    runEnd(events, "completed");
    assert.equal(answerOf(person.messages()), "Hello from the scene.");
    assert.match(bed.lastTurn(), /say hello/);
    const thoughts = person.messages().flatMap(({ content }) => content.map(({ type }) => type));
    return thoughts.includes("thinking") ? undefined : "its thinking is not told";
  },
};
