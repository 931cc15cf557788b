// What this terminal understands beside text, as far as its environment tells. Whoever is not known gets less.

type Environment = Readonly<Record<string, string | undefined>>;

export type NotificationKind = "osc9" | "osc99" | "osc777" | "bell";

export type TerminalKind = {
  /** A title (OSC 0) and reports of the focus (mode 1004). */
  title: boolean;
  focus: boolean;
  /** OSC 9;4. Elsewhere it may pop up as the notification "4;3". */
  progress: boolean;
  notification: NotificationKind;
  /** What the terminal itself is stands behind tmux, which passes on what it is told to. */
  tmux: boolean;
};

const NOTHING: TerminalKind = {
  title: false,
  focus: false,
  progress: false,
  notification: "bell",
  tmux: false,
};

export function terminalKind(env: Environment): TerminalKind {
  const term = env.TERM ?? "";
  if (/^(?:|dumb|linux|cons25|ansi|vt\d+)$/.test(term)) return NOTHING;
  const tmux = Boolean(env.TMUX);
  return {
    title: true,
    focus: !/^screen/.test(term) || tmux,
    progress: !tmux && showsProgress(env),
    notification: tmux
      ? "bell"
      : notificationOf([term, env.TERM_PROGRAM ?? "", env.KITTY_WINDOW_ID ? "kitty" : ""]),
    tmux,
  };
}

/**
 * By names of the terminal, as in TERM, TERM_PROGRAM or tmux's `client_termtype`: kitty has OSC 99, Ghostty, WezTerm and
 * foot OSC 777, iTerm2 OSC 9 (each terminal's own documentation).
 */
export function notificationOf(names: readonly string[]): NotificationKind {
  const all = names.join(" ").toLowerCase();
  if (all.includes("kitty")) return "osc99";
  if (/ghostty|wezterm|\bfoot\b/.test(all)) return "osc777";
  return all.includes("iterm") ? "osc9" : "bell";
}

/**
 * ConEmu, whose own it is; Windows Terminal 1.6; Ghostty 1.0 takes it in, 1.2 shows it; WezTerm of 2025; iTerm2 3.6.6
 * (older ones show a notification); Konsole 26.04; VTE 0.80. kitty leaves it out, so it is not sent there.
 */
function showsProgress(env: Environment): boolean {
  const version = env.TERM_PROGRAM_VERSION ?? "";
  switch (env.TERM_PROGRAM) {
    case "ghostty":
      return true;
    case "WezTerm":
      return Number(version.slice(0, 8)) >= 20_250_210;
    case "iTerm.app":
      return isAtLeast(version, [3, 6, 6]);
    case undefined:
    case "":
      break;
    default:
      return false;
  }
  if (env.WT_SESSION || env.ConEmuANSI === "ON") return true;
  return Number(env.KONSOLE_VERSION ?? 0) >= 260_400 || Number(env.VTE_VERSION ?? 0) >= 8_000;
}

function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  for (const [index, part] of least.entries()) {
    const own = parts[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
