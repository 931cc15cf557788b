// Ids: sortable by time, safe in file names, short enough to type a prefix of.
import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** Makes ids from a clock (milliseconds) and a source of random bytes; tests pass their own. */
export function idMaker(now: () => number = Date.now, random: (size: number) => Uint8Array = randomBytes) {
  return (): string => encodeTime(now()) + encodeRandom(random(8));
}

/** A new id: 9 characters of time, then 8 random ones, Crockford base 32 in lower case. */
export const newId: () => string = idMaker();

function encodeTime(milliseconds: number): string {
  let rest = milliseconds;
  let text = "";
  for (let i = 0; i < 9; i++) {
    text = ALPHABET.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function encodeRandom(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => ALPHABET.charAt(byte & 31)).join("");
}
