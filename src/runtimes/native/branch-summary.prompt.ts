// What a model is asked about a branch that is being left, and how its words are put before the next one.

const INSTRUCTION = `The user goes back to an earlier point of this conversation and on from there in another direction. Everything after that point, which is what you read above, will not be seen any more. Write a short summary of it for whoever continues. Do not call tools, and do not continue the work itself.

Say what was tried, what was found out (exact names, paths, errors, numbers), which files were changed and are still changed, what was decided and why, and what turned out not to work. Leave out what is empty. Be exact and short.`;

export function branchInstruction(hint: string): string {
  return hint === "" ? INSTRUCTION : `${INSTRUCTION}\n\nThe user asks for this in particular: ${hint}`;
}

export const BRANCH_HEADING =
  "The user went back to this point from another branch of the conversation. What happened on the branch that was left:";
