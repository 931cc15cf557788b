// A prompt as it is typed into a program. Pure.
import { sanitizeText } from "../../lib/ansi.ts";
import type { PromptBlock } from "../external/connection.ts";

/** A terminal that edits the line itself takes 4,095 bytes of it and drops the rest (termios(3)); some are for the person. */
const LONGEST_LINE = 3_500;

/** `leftOut`: what came before the conversation with this program is too long for its one line. Null: the prompt is. */
export type TypedPrompt = { text: string; leftOut: boolean };

/** `pastes`: the program takes a text of several lines as one piece. The last block is the person's own. */
export function typedPrompt(blocks: readonly PromptBlock[], pastes: boolean): TypedPrompt | null {
  const texts = blocks.flatMap((block) => (block.type === "text" ? [sanitizeText(block.text).trim()] : []));
  if (pastes) return { text: texts.join("\n\n"), leftOut: false };
  const lines = texts.map((text) => text.replaceAll(/\s*\n\s*/g, " "));
  const whole = lines.join(" ");
  if (fits(whole)) return { text: whole, leftOut: false };
  const own = lines.at(-1) ?? "";
  return lines.length > 1 && fits(own) ? { text: own, leftOut: true } : null;
}

function fits(line: string): boolean {
  return Buffer.byteLength(line) <= LONGEST_LINE;
}
