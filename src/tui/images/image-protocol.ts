// Which way of showing images this terminal understands, as far as its environment tells.

export type ImageProtocol = "kitty" | "iterm2" | "sixel";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * "ask": the environment does not tell, the terminal itself may. Null: images are only named. Inside tmux and screen
 * they are: what the multiplexer does with the bytes is not known, and its own redraws would wipe them.
 */
export function imageProtocol(env: Environment): ImageProtocol | "ask" | null {
  const term = env.TERM ?? "";
  if (env.TMUX || env.STY || env.ZELLIJ || /^(?:|dumb|linux|cons25|vt\d+|ansi|(?:screen|tmux).*)$/.test(term))
    return null;
  if (env.KITTY_WINDOW_ID || term === "xterm-kitty" || term === "xterm-ghostty") return "kitty";
  const known = env.TERM_PROGRAM === undefined ? undefined : PROGRAMS.get(env.TERM_PROGRAM);
  if (known !== undefined) return known;
  // iTerm2 names itself so over ssh, too.
  if (env.LC_TERMINAL === "iTerm2") return "iterm2";
  return env.INSIDE_EMACS === undefined ? "ask" : null;
}

const PROGRAMS: ReadonlyMap<string, ImageProtocol | null> = new Map([
  ["ghostty", "kitty"],
  ["iTerm.app", "iterm2"],
  ["WezTerm", "iterm2"],
  ["mintty", "iterm2"],
  ["Apple_Terminal", null],
]);
