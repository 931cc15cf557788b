// Starting: `--version`, and the time until the screen shows something and takes keys.
import { openPlace } from "./place.ts";
import { HEARTH, runNode } from "./programs.ts";
import { type Measure, sample } from "./sample.ts";
import { openPrompt } from "./screen.ts";

export const version: Measure = {
  name: "version",
  run: async (rounds) => {
    await using place = await openPlace([]);
    const { values, bareMs } = await sample(rounds(21), () => runNode([HEARTH, "--version"], place));
    const samples = values.map(({ wallMs }) => wallMs);
    return [{ name: "--version", unit: "ms", samples, bound: 45, bare: bareMs }];
  },
};

export const prompt: Measure = {
  name: "prompt",
  run: async (rounds) => {
    await using place = await openPlace([]);
    const { values, bareMs: bare } = await sample(rounds(15), async () => {
      const { screen, ...times } = await openPrompt([], place);
      await screen.leave();
      return times;
    });
    const firstFrame = values.map(({ firstFrameMs }) => firstFrameMs);
    const usable = values.map(({ usableMs }) => usableMs);
    return [
      { name: "first frame", unit: "ms", samples: firstFrame, bare },
      { name: "usable prompt", unit: "ms", samples: usable, bound: 200, bare },
    ];
  },
};
