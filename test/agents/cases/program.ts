// The built program: one prompt from a shell, and what is left when it is killed while the agent runs a command.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { leftAfter } from "../processes.ts";
import { oneShot, startOneShot } from "../program.ts";
import type { Case } from "./case.ts";
import { started, tails } from "./control.ts";

export const oneShotCase: Case = {
  name: "one-shot",
  play: async (bed) => {
    bed.scene({ run: "echo ran-x | tr x y" }, { say: "Hello from the scene." });
    assert.match(await oneShot(bed, "say hello"), /Hello from the scene\.$/);
    assert.match(bed.lastTurn(), /ran-y/);
    return undefined;
  },
};

/** One child in a session of its own: no signal to a process group reaches it. */
const DETACHED = "touch started.txt; setsid tail -f started.txt & tail -f started.txt & wait";
/** What a person's own tools start in a session of its own is theirs: our shell leaves it alone. */
const GROUP = "touch started.txt; tail -f started.txt & tail -f started.txt & wait";
const LEFT_MS = 5_000;
const PATIENCE_MS = 60_000;

/** What the agent put out of our reach may live until Hearth is started again. */
export const killedCase: Case = {
  name: "kill -9 of Hearth",
  play: async (bed) => {
    bed.scene({ run: bed.agent.settings === null ? GROUP : DETACHED });
    const program = startOneShot(bed, "run it");
    const deadline = Date.now() + PATIENCE_MS;
    while (!(started(bed) && tails(bed).length === 2)) {
      assert.ok(Date.now() < deadline, "the command is under way");
      await sleep(50);
    }
    program.kill("SIGKILL");
    const left = await leftAfter(bed.place.root, LEFT_MS);
    if (left.length === 0) return undefined;
    bed.scene({ say: "Hello again." });
    await oneShot(bed, "say hello");
    const still = bed.processes().map(({ command }) => command);
    assert.deepEqual(still, [], "what was left is gone after the next start");
    return `${left.length} until the next start`;
  },
};
