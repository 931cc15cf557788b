// What the model reads about the todo tool.
export const TODO_DESCRIPTION =
  "Replace the todo list the user sees. For work of several steps; keep exactly one item in_progress.";
