// What stands in a request in place of a tool result that a later one made obsolete.

export const DROPPED_RESULT =
  "[Left out to save space: a later call in this conversation shows the same, as it is since then.]";
