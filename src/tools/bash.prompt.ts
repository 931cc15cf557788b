// What the model reads about the bash tool.
export const BASH_DESCRIPTION =
  "Run a shell command in the workspace; each call is a new shell with empty stdin. Shows the last 2000 lines or 50 KB of output and the exit code if not 0.";
export const BASH_COMMAND = "Command line";
export function bashTimeout(defaultSeconds: number, mostSeconds: number): string {
  return `Seconds, default ${defaultSeconds}, at most ${mostSeconds}`;
}

export const BASH_BACKGROUND = "Leave it running (servers) and return at once";

/** Last line of the result of a call that the person moved to the background. */
export function movedToBackground(moved: {
  id: string;
  pid: number;
  seconds: number;
  logPath: string | null;
}): string {
  const where = moved.logPath
    ? `Its output so far and from now on is in ${moved.logPath}: read that file to see how it goes on.`
    : "Its output could not be kept in a file.";
  return `[Moved to the background by the user after ${moved.seconds} s. It goes on as ${moved.id} (process group ${moved.pid}). ${where} You will be told when it ends.]`;
}
