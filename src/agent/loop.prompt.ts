// What the loop itself says to the model.

/** Results of calls in an answer that was cut: half an argument must not run. */
export const CUT_BY_OUTPUT_LIMIT =
  "not run: your answer was cut by the output limit, so the arguments may be incomplete. Call again with less text, for example by writing a large file in several parts.";

/** Results of calls in an answer whose stream failed. */
export const BROKEN_ANSWER = "not run: the answer broke off";

export const EMPTY_ANSWER =
  "Your last answer was empty. Go on with the task, or say in a sentence what you did and that you are done.";

export function repeatedCall(name: string, count: number): string {
  return `You have made the same ${name} call ${count} times in a row and got the same result each time. It will not change. Try something else, or say what keeps you from going on.`;
}
