// Texts a model reads where a transcript has a gap.

/** The result of a call whose run ended before it had one. */
export const INTERRUPTED_RESULT = "No result: the run was interrupted";

/** The result of a tool that said nothing. */
export const EMPTY_RESULT = "(no output)";

/** In place of an image, for a model that reads text only. */
export const IMAGE_NOTE = "[An image was here; this model cannot see images.]";

/** The first message where a conversation begins with the model's own words. */
export const OPENING = "(The conversation goes on from here.)";
