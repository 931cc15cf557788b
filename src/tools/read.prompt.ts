// What the model reads about the read tool.
export const READ_DESCRIPTION =
  "Read a text file or image. Shows at most 2000 lines or 50 KB; use offset to go on in long files.";
export const READ_PATH = "File, relative to the workspace or absolute";
export const READ_OFFSET = "First line to show, from 1";
export const READ_LIMIT = "Number of lines";
