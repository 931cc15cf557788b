// What the model reads about the grep tool.
export const GREP_DESCRIPTION = "Search file contents with ripgrep. Respects .gitignore.";
export const GREP_PATTERN = "Regular expression (Rust syntax)";
export const GREP_PATH = "File or folder, default the workspace";
export const GREP_GLOB = "Only these files, for example *.ts";
export const GREP_IGNORE_CASE = "";
export const GREP_CONTEXT = "Lines around each match";
export const GREP_OUTPUT = "Matching lines (default), file names, or counts";
export const GREP_LIMIT = "Default 100";
