// The key that detaches, found in what the keyboard sends; what is pasted is text, whatever is in it. Pure.
import { AppError } from "../../lib/app-error.ts";
import { keySequence } from "../keys.ts";

export type DetachKey = { name: string; sequence: string };

/** Tab, Enter and Escape send the same. */
const OWN_KEYS: readonly string[] = ["\t", "\r", "\n", "\x1b"];

/** `ctrl+LETTER` or another key with control. Throws `mux.key`. */
export function detachKey(name: string): DetachKey {
  const sequence = keySequence(name, { applicationCursor: false });
  const isControl = /^ctrl\+/i.test(name) && /^[\x00-\x1f]$/.test(sequence);
  if (isControl && !OWN_KEYS.includes(sequence)) return { name: name.toLowerCase(), sequence };
  throw new AppError("mux.key", `${name} cannot be the key that detaches.`, {
    hint: "Take one with ctrl: ctrl+\\, ctrl+], ctrl+q.",
  });
}

/** For input in pieces: what goes to the program, and whether the key came after it; then the rest is dropped. */
export function createKeyFinder({ sequence }: DetachKey): (text: string) => { text: string; found: boolean } {
  let inPaste = false;
  return (text) => {
    const parts = text.split(/(\x1b\[20[01]~)/);
    let before = "";
    for (const part of parts) {
      if (part === "\x1b[200~" || part === "\x1b[201~") inPaste = part === "\x1b[200~";
      const at = inPaste ? -1 : part.indexOf(sequence);
      if (at >= 0) return { text: before + part.slice(0, at), found: true };
      before += part;
    }
    return { text: before, found: false };
  };
}
