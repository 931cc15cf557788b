// /vim: vim's modes in the input, on or off until the program ends; the setting `editor` decides for every start.
import type { Command } from "./command.ts";

export const vimCommand: Command = {
  name: "vim",
  summary: "vim keys in the input, on or off",
  whileBusy: "now",
  run: () => Promise.resolve({ ui: { kind: "vim" } }),
};
