// What Claude Code's model reads in place of a dialog that nobody can see here.

/** To `AskUserQuestion`. */
export const ASK_IN_TEXT =
  "No dialog can be shown here. Ask the person in your answer's text instead, with the choices as a list, and end " +
  "your turn: their next message is the answer.";

/** To `ExitPlanMode` while the person keeps to planning. */
export const PLAN_IN_TEXT =
  "The session stays in plan mode until the person leaves it. Put the whole plan in your answer's text and end your " +
  "turn: they switch the mode and tell you to go on when they agree.";

/** To anything that asks while the person has prompted nothing. */
export const NOBODY_ASKED = "Nobody has asked for anything now. Stop, and wait for the next message.";

/** To a call that cannot be shown to anybody. */
export const CANNOT_ASK = "Not run: the call could not be read. Make it in a simpler way.";

/** To a change of arguments that its tool cannot take. */
export const CANNOT_CHANGE =
  "The person changed this call into several replacements, which one call cannot make. Nothing was changed: make " +
  "them one by one.";
