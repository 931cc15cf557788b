// A file that the agent makes: on the screen as a diff, in the checkpoints, and taken back by /undo.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ofType } from "../../support/events.ts";
import { answerOf, type Case, callsAreClosed, runEnd } from "./case.ts";

export const editCase: Case = {
  name: "edit",
  play: async (bed) => {
    const file = join(bed.place.cwd, "made.txt");
    bed.scene({ write: "made.txt", content: "first line\nsecond line\n" }, { say: "Made." });
    const person = await bed.open("allow");
    const events = await person.run("make it");
    runEnd(events, "completed");
    assert.equal(readFileSync(file, "utf8"), "first line\nsecond line\n");
    assert.equal(answerOf(person.messages()), "Made.");
    callsAreClosed(events);
    const details = ofType(events, "tool_end").map((end) => JSON.stringify(end.details ?? null));
    assert.match(details.join(), /\+second line/, "the call shows its diff");
    const { files } = await person.app.checkpoints.diff();
    assert.deepEqual(
      files.map(({ path, change }) => `${change} ${path}`),
      ["added made.txt"],
    );
    await person.enter("/undo");
    assert.ok(!existsSync(file), "/undo takes the file back");
    return ofType(events, "approval_request").length === 0 ? "unasked" : undefined;
  },
};
