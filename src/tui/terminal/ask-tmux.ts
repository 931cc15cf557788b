// Asks tmux whether it passes sequences on to the terminal behind it, and which one that is.
import { runProcess } from "../../lib/subprocess.ts";
import { type NotificationKind, notificationOf } from "./terminal-kind.ts";

const TIMEOUT_MS = 1_000;

/** Null where tmux passes nothing on (allow-passthrough is off, the default) or cannot be asked. */
export async function askTmux(
  env: Readonly<Record<string, string | undefined>>,
): Promise<NotificationKind | null> {
  const { PATH = "", TMUX = "", TMUX_PANE = "" } = env;
  const target = TMUX_PANE === "" ? [] : ["-t", TMUX_PANE];
  const format = "#{allow-passthrough} #{client_termname} #{client_termtype}";
  let output = "";
  try {
    const { exitCode } = await runProcess("tmux", ["display-message", ...target, "-p", format], {
      cwd: "/",
      env: { PATH, TMUX },
      onOutput: (text, stream) => {
        if (stream === "stdout") output += text;
      },
      timeoutMs: TIMEOUT_MS,
      signal: new AbortController().signal,
    });
    return exitCode === 0 ? readTmux(output) : null;
  } catch {
    // No tmux to be found: a bell works in every one.
    return null;
  }
}

/** tmux 3.3 writes the option as 0 or 1, later ones as off, on or all; older ones have none. */
export function readTmux(output: string): NotificationKind | null {
  const [allowed = "", ...names] = output.trim().split(" ");
  return /^(?:1|2|on|all)$/.test(allowed) ? notificationOf(names) : null;
}
