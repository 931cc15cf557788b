// The terminal that a client runs in: raw while it is attached, and given back as it was, however that ends.
import { createKeyFinder, type DetachKey } from "./detach-key.ts";

/** Standard input and output of a process, both of one terminal. */
export type OuterTerminal = { input: NodeJS.ReadStream; output: NodeJS.WriteStream };

export type OuterEvents = {
  onText: (text: string) => void;
  /** The key was pressed, or the terminal has gone. */
  onLeave: () => void;
  onResize: () => void;
};

export interface TakenTerminal {
  size(): { columns: number; rows: number };
  /** Resolves when the terminal takes more; a window that is dragged or stopped (Ctrl+S) does not for a while. */
  write(text: string): Promise<void>;
  /** Writes the last bytes and gives it back. Further calls do nothing. */
  giveBack(): void;
}

/** `last`: what is written at the end, whenever that is. */
export function takeTerminal(
  { input, output }: OuterTerminal,
  key: DetachKey,
  { onText, onLeave, onResize, last }: OuterEvents & { last: () => string },
): TakenTerminal {
  const find = createKeyFinder(key);
  let taken = true;
  const onData = (chunk: string): void => {
    const { text, found } = find(chunk);
    if (text !== "") onText(text);
    if (found) onLeave();
  };
  const giveBack = (): void => {
    if (!taken) return;
    taken = false;
    input.off("data", onData);
    input.off("end", onLeave);
    output.off("resize", onResize);
    process.off("exit", giveBack);
    output.write(last());
    input.setRawMode(false);
    input.pause();
  };
  input.setRawMode(true);
  input.setEncoding("utf8");
  input.on("data", onData);
  input.once("end", onLeave);
  // A terminal that was closed can no longer be read: that is its end.
  input.once("error", onLeave);
  output.on("resize", onResize);
  process.once("exit", giveBack);
  input.resume();
  return {
    size: () => ({ columns: output.columns || 80, rows: output.rows || 24 }),
    write: async (text) => {
      if (!taken || output.write(text)) return;
      await new Promise<void>((resolve) => {
        const go = (): void => {
          output.off("drain", go);
          output.off("error", go);
          resolve();
        };
        output.once("drain", go);
        output.once("error", go);
      });
    },
    giveBack,
  };
}
