// What a model is asked when a talk is compacted, and how its summary is put before the next one.

const INSTRUCTION = `The conversation above is about to be replaced by a summary that you write now, so that the work can go on in a fresh context. Whoever continues knows only your summary and the newest messages. Do not call tools, and do not continue the work itself.

Write these sections, leaving out what is empty:
## Goal - what the user wants, in their words where wording matters
## Rules - constraints, preferences and corrections the user gave
## Done - what was finished, with file paths, function names and commands
## State - what is in progress, what was observed (exact errors, test results), what is known not to work
## Next - the next steps, in order
## Decisions - choices made, and why

Be exact and short: keep names, paths, numbers and error texts literally, drop pleasantries and dead ends without a lesson. When the conversation begins with an earlier summary, carry over everything in it that still holds.`;

export function compactionInstruction(hint: string | undefined): string {
  return hint ? `${INSTRUCTION}\n\nThe user asks for this in particular: ${hint}` : INSTRUCTION;
}

export const SUMMARY_HEADING =
  "Summary of the conversation so far (the messages before this point were removed to save space):";

export const REQUEST_HEADING = "## The user's request that is being worked on, word for word";
