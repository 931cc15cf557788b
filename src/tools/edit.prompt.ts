// What the model reads about the edit tool.
export const EDIT_DESCRIPTION =
  "Replace text in a file. Each old_text must occur exactly once (or set replace_all) and is matched against the file as it was before the call; all edits apply or none.";
export const EDIT_PATH = "File";
export const EDIT_OLD_TEXT = "Exact text to replace";
export const EDIT_NEW_TEXT = "Text to put there";
export const EDIT_REPLACE_ALL = "Replace every occurrence";
