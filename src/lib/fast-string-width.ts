// string-width with a short way for ordinary text. The build puts it in the place of string-width everywhere, Ink
// included: what it measures most are our own painted rows, and its emoji expressions cost 15 ms to compile at start.
import stringWidth, { type Options } from "string-width";
import { isSimpleText } from "./text-width.ts";

const SGR = /\x1b\[[0-9;]*m/g;

/** As string-width's default export. */
function fastStringWidth(text: string, options?: Options): number {
  if (options === undefined) {
    const plain = text.includes("\x1b") ? text.replace(SGR, "") : text;
    if (isSimpleText(plain)) return plain.length;
  }
  return stringWidth(text, options);
}

// biome-ignore lint/style/noDefaultExport: it stands in for a module that has one
export default fastStringWidth;
