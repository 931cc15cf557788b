// What our keyboard makes of bytes, through the real Ink: a program on a terminal of which only the input is real.
import { PassThrough } from "node:stream";
import { render, useInput, usePaste } from "ink";
import type { ReactNode } from "react";
import { type KeyboardInput, readKeys } from "../../../src/tui/keys/read-keys.ts";

type Terminal = { type: (...chunks: string[]) => Promise<KeyboardInput[]>; close: () => void };

function Listener({ hear }: { hear: (input: KeyboardInput) => void }): ReactNode {
  useInput((input, key) => hear(readKeys(input, key)));
  usePaste((paste) => hear({ paste }));
  return null;
}

/** `type` gives what was read of the chunks, which come at once, 40 ms (Ink waits 20 for the rest of a sequence) later. */
export function openKeyboard(): Terminal {
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: () => stdin,
    ref: () => stdin,
    unref: () => stdin,
  });
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  stdout.resume();
  let heard: KeyboardInput[] = [];
  const app = render(<Listener hear={(input) => void heard.push(input)} />, {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    exitOnCtrlC: false,
    patchConsole: false,
    interactive: true,
    kittyKeyboard: { mode: "disabled" },
  });
  return {
    async type(...chunks) {
      await new Promise((resolve) => setImmediate(resolve));
      heard = [];
      for (const chunk of chunks) {
        stdin.write(chunk);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await new Promise((resolve) => setTimeout(resolve, chunks.join("").includes("\x1b") ? 40 : 5));
      return heard;
    },
    close: () => app.unmount(),
  };
}

/** Chords and texts of the presses, `paste:` before a paste. */
export function described(inputs: readonly KeyboardInput[]): string[] {
  return inputs.flatMap((input) =>
    "paste" in input
      ? [`paste:${input.paste}`]
      : input.presses.map(({ chord, text }) => chord ?? `text:${text}`),
  );
}
