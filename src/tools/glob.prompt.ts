// What the model reads about the glob tool.
export const GLOB_DESCRIPTION = "Find files by name pattern. Respects .gitignore.";
export const GLOB_PATTERN = "For example **/*.ts";
export const GLOB_PATH = "Folder, default the workspace";
export const GLOB_LIMIT = "Default 200";
