// What the model reads about the write tool.
export const WRITE_DESCRIPTION =
  "Create a file or replace all of its content; parent folders are made. To change a part, use edit.";
export const WRITE_PATH = "File";
export const WRITE_CONTENT = "The whole content";
