// Both sides start anew: the agent goes on with its own session, or the case fails.
import assert from "node:assert/strict";
import { ofType } from "../../support/events.ts";
import { answerOf, type Case, runEnd, times } from "./case.ts";

export const resumeCase: Case = {
  name: "resume",
  play: async (bed) => {
    bed.scene({ say: "And MANGO." });
    const first = await bed.open();
    runEnd(await first.run("remember PINEAPPLE"), "completed");
    const before = ofType(first.events, "runtime_changed").at(-1)?.externalSessionId;
    await first.close();
    await bed.agent.beforeResume?.();
    bed.scene({ say: "Both." });
    const second = await bed.open("later", { again: true });
    runEnd(await second.run("which words?"), "completed");
    assert.equal(answerOf(second.messages()), "Both.");
    const request = bed.lastTurn();
    assert.ok(!request.includes("<conversation-so-far>"), "it needs no digest");
    assert.equal(times(request, "PINEAPPLE"), 1, "the earlier prompt is there once");
    assert.equal(times(request, "MANGO"), 1, "the earlier answer is there once");
    const after = ofType(second.events, "runtime_changed").at(-1)?.externalSessionId ?? before;
    assert.equal(after, before, "its session is the same");
    return undefined;
  },
};
