// A command that the agent has to ask for, allowed and denied.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ofType } from "../../support/events.ts";
import { answerOf, type Case, callsAreClosed, contentText, runEnd, times } from "./case.ts";

export const allowedCase: Case = {
  name: "allowed",
  play: async (bed) => {
    bed.scene({ run: "echo ran-x | tr x y > allowed.txt; cat allowed.txt" }, { say: "Seen." });
    const person = await bed.open("allow");
    const events = await person.run("run it");
    runEnd(events, "completed");
    const [asked] = ofType(events, "approval_request");
    assert.ok(asked, "it asks");
    assert.match(JSON.stringify(asked.request), /allowed\.txt/);
    assert.ok(existsSync(join(bed.place.cwd, "allowed.txt")), "the command ran");
    const [end] = ofType(events, "tool_end");
    assert.equal(end?.isError, false, "its call did not fail");
    assert.match(bed.lastTurn(), /ran-y/);
    assert.equal(answerOf(person.messages()), "Seen.");
    callsAreClosed(events);
    if (bed.agent.silentCommands) {
      assert.equal(contentText(end.content), "(the agent did not tell the output)");
      return "output untold";
    }
    assert.match(contentText(end.content), /ran-y/);
    return undefined;
  },
};

export const twoCallsCase: Case = {
  name: "two calls",
  play: async (bed) => {
    const commands = ["one", "two"].map((name) => `echo ran-x | tr x y > ${name}.txt; cat ${name}.txt`);
    bed.scene({ run: commands }, { say: "Seen both." });
    const person = await bed.open("allow");
    const events = await person.run("run them");
    runEnd(events, "completed");
    assert.equal(ofType(events, "approval_request").length, 2, "it asks for each");
    assert.equal(ofType(events, "tool_end").length, 2);
    assert.equal(times(bed.lastTurn(), "ran-y"), 2, "the model gets both results");
    assert.equal(answerOf(person.messages()), "Seen both.");
    callsAreClosed(events);
    return undefined;
  },
};

export const deniedCase: Case = {
  name: "denied",
  play: async (bed) => {
    bed.scene({ run: "touch denied.txt" }, { say: "Then not." });
    const person = await bed.open("deny");
    const events = await person.run("run it");
    assert.equal(ofType(events, "approval_request").length, 1, "it asks once");
    assert.ok(!existsSync(join(bed.place.cwd, "denied.txt")), "nothing ran");
    const [end] = ofType(events, "tool_end");
    assert.equal(end?.isError, true, "its call failed");
    assert.match(JSON.stringify(end.details), /"denial":"user"/);
    callsAreClosed(events);
    runEnd(events, "completed");
    const goesOn = answerOf(person.messages()) === "Then not.";
    bed.scene({ say: "Still here." });
    runEnd(await person.run("go on"), "completed");
    assert.equal(answerOf(person.messages()), "Still here.");
    return goesOn ? undefined : "ends its turn";
  },
};
