// What a model reads as the result of a tool call whose real result was lost when the program was ended.

export const LOST_RESULT =
  "No result: Hearth was ended before this call finished. It may have taken effect in part; check before you repeat it.";
