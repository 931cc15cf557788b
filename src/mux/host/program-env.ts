// The environment of a program that a person starts in a terminal of ours: their own, without what only holds for the
// terminal they started it from. Keys that Hearth stores are in a file and never in it.

/** The last two would have a program believe in a size that changes. The rest names another terminal and its features. */
const OTHER_TERMINAL =
  /^(?:TMUX|TMUX_PANE|STY|WINDOW|WINDOWID|TERMCAP|TERM_PROGRAM|TERM_PROGRAM_VERSION|TERM_SESSION_ID|VTE_VERSION|KITTY_.*|WEZTERM_.*|ITERM_.*|GHOSTTY_.*|KONSOLE_.*|WT_SESSION|WT_PROFILE_ID|COLUMNS|LINES)$/;

/** Names the session to what runs in it. */
export const INSIDE = "HEARTH_MUX";

export function programEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): Record<string, string> {
  const own = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !OTHER_TERMINAL.test(entry[0]),
  );
  return { ...Object.fromEntries(own), [INSIDE]: name };
}
