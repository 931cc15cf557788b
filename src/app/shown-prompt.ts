// A prompt as a person is shown it: what they wrote, and the names of the files that came with it, without their text.
import { mentionedNames, splitMentions } from "../context/mention-block.ts";

/** `text` as the model was sent it. */
export function shownPrompt(text: string): { text: string; attached: string[] } {
  const { prompt, mentioned } = splitMentions(text);
  return { text: prompt, attached: mentionedNames(mentioned) };
}
