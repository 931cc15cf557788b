// The colours that a terminal with 256 shows for a painted text: the cube and the grey ramp of xterm.
import { toHex } from "../../../src/tui/theme/color.ts";

export function painted256(text: string): { color: string | null; background: string | null } {
  const indexOf = (base: string): string | null => {
    const index = new RegExp(`[[;]${base};5;(\\d+)`).exec(text)?.[1];
    return index === undefined ? null : hexOf(Number(index));
  };
  return { color: indexOf("38"), background: indexOf("48") };
}

function hexOf(index: number): string {
  const cube = [0, 95, 135, 175, 215, 255];
  const grey = 8 + 10 * (index - 232);
  const at = index - 16;
  return index >= 232
    ? toHex([grey, grey, grey])
    : toHex([cube[Math.floor(at / 36)] ?? 0, cube[Math.floor(at / 6) % 6] ?? 0, cube[at % 6] ?? 0]);
}
