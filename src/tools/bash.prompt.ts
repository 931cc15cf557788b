// What the model reads about the bash tool.
export const BASH_DESCRIPTION =
  "Run a shell command in the workspace; each call is a new shell with empty stdin. Shows the last 2000 lines or 50 KB of output and the exit code if not 0.";
export const BASH_COMMAND = "Command line";
export const BASH_TIMEOUT = "Seconds, default 120, at most 600";
export const BASH_BACKGROUND = "Leave it running (servers) and return at once";
