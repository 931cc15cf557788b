// The transcript view of a big session: from Ctrl+O to its rows, and frames a second while PageUp is held.
import { setTimeout as sleep } from "node:timers/promises";
import { writeSessionFixture } from "../test/support/session-fixture.ts";
import { openPlace } from "./place.ts";
import { type Measure, sampleCold } from "./sample.ts";
import { openPrompt } from "./screen.ts";

/** The session names a model of the demo; this one has a key here. */
const MODEL = "anthropic/claude-sonnet-5-5";
/** A held key comes as often as a fast keyboard repeats it, and so that no frame waits for it. */
const REPEAT_MS = 12;
const HELD_MS = 3_000;

export const view: Measure = {
  name: "view",
  run: async (rounds) => {
    await using place = await openPlace([]);
    const { path } = await writeSessionFixture({
      dir: place.sessionsDir,
      cwd: place.cwd,
      entries: 100_000,
    });
    const { values, bareMs: bare } = await sampleCold(rounds(5), async () => {
      const { screen, clear } = await openPrompt(["--resume", path, "--model", MODEL], place);
      await clear();
      const openedAt = performance.now();
      screen.type("\x0f");
      const openMs = (await screen.waitFor(/q back/)) - openedAt;
      await screen.waitFor(/run \d+ of \d+/);
      const frames = screen.frames();
      const heldAt = performance.now();
      while (performance.now() - heldAt < HELD_MS) {
        screen.type("\x1b[5~");
        await sleep(REPEAT_MS);
      }
      const perSecond = ((screen.frames() - frames) * 1_000) / (performance.now() - heldAt);
      screen.type("\x1b[H");
      await screen.waitFor(/run 1 of \d+/);
      screen.type("q");
      await screen.leave();
      return { openMs, perSecond };
    });
    return [
      {
        name: "view of 100,000 entries: open",
        unit: "ms",
        samples: values.map(({ openMs }) => openMs),
        bound: 400,
        bare,
      },
      {
        name: "view of 100,000 entries: PageUp held",
        unit: "frames/s",
        samples: values.map(({ perSecond }) => perSecond),
        least: 30,
        bare,
      },
    ];
  },
};
