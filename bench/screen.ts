// Hearth in a real pseudo-terminal, as a person has it: what stands on the screen, and when its bytes came.
import { spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { HEARTH, type Surroundings } from "./programs.ts";

const COLUMNS = 100;
const ROWS = 30;
const TIMEOUT_MS = 60_000;
/** So long a program may take to leave when asked to. */
const LEAVE_MS = 3_000;
/** Begin and end of a synchronised update: what a person does not see in between is no screen. */
const UPDATE_BEGINS = "\x1b[?2026h";
const UPDATE_ENDS = "\x1b[?2026l";
const CLEARS = /\x1b\[[23]J|\x1b\[(?:1;1)?H\x1b\[0?J/g;

export type Screen = {
  pid: number;
  /** performance.now() just before the program was started. */
  startedAt: number;
  type: (keys: string) => void;
  /** Resolves with performance.now() of the bytes that made the screen (rows joined with \n) match. */
  waitFor: (check: RegExp) => Promise<number>;
  /** Bytes written to the terminal so far. */
  bytes: () => number;
  /** Synchronised updates that were written whole so far. */
  frames: () => number;
  /** How often the whole screen, or the scrollback, was cleared so far. */
  clears: () => number;
  /** Asks the program to leave, so that it stores its compile cache; ends it when it does not. */
  leave: () => Promise<void>;
};

/** Starts `hearth ...args`. */
function openScreen(args: readonly string[], { cwd, env }: Surroundings): Screen {
  const screen = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
  const startedAt = performance.now();
  const pty = spawn(process.execPath, [HEARTH, ...args], {
    cols: COLUMNS,
    rows: ROWS,
    cwd,
    env: { ...env, TERM: "xterm-256color", COLORTERM: "truecolor" },
    name: "xterm-256color",
  });
  const output: string[] = [];
  let look: (at: number) => void = () => undefined;
  let alive = true;
  let updating = false;
  const exited = new Promise<void>((resolve) => {
    pty.onExit(() => {
      alive = false;
      resolve();
    });
  });
  const type = (keys: string): void => {
    if (alive) pty.write(keys);
  };
  // Device queries of the program are answered as a real terminal answers them.
  screen.onData(type);
  pty.onData((data) => {
    const at = performance.now();
    output.push(data);
    const begins = data.lastIndexOf(UPDATE_BEGINS);
    const ends = data.lastIndexOf(UPDATE_ENDS);
    if (begins !== ends) updating = begins > ends;
    const whole = !updating;
    screen.write(data, () => {
      if (whole) look(at);
    });
  });
  return {
    pid: pty.pid,
    startedAt,
    type,
    waitFor: (check) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          look = () => undefined;
          reject(new Error(`The screen never showed ${check}. It shows:\n${screenText(screen)}`));
        }, TIMEOUT_MS);
        look = (at) => {
          if (!check.test(screenText(screen))) return;
          clearTimeout(timer);
          look = () => undefined;
          resolve(at);
        };
        look(performance.now());
      }),
    bytes: () => output.reduce((sum, data) => sum + Buffer.byteLength(data), 0),
    frames: () => output.join("").split(UPDATE_ENDS).length - 1,
    clears: () => output.join("").match(CLEARS)?.length ?? 0,
    leave: async () => {
      // Ctrl+C empties the input, Ctrl+D on an empty input leaves.
      type("\x03");
      type("\x04");
      const late = setTimeout(() => alive && pty.kill("SIGKILL"), LEAVE_MS);
      await exited;
      clearTimeout(late);
    },
  };
}

/** Opens Hearth and waits until it takes keys: what is typed stands behind the prompt. */
export async function openPrompt(args: readonly string[], surroundings: Surroundings) {
  const screen = openScreen(args, surroundings);
  const frameAt = await screen.waitFor(/\S/);
  await screen.waitFor(/›/);
  screen.type("x");
  const usableAt = await screen.waitFor(/› x/);
  return {
    screen,
    firstFrameMs: frameAt - screen.startedAt,
    usableMs: usableAt - screen.startedAt,
    /** Takes the typed letter back. */
    clear: async () => {
      screen.type("\x7f");
      await screen.waitFor(/^(?![\s\S]*› x)/);
    },
  };
}

function screenText(screen: InstanceType<typeof xterm.Terminal>): string {
  const { active } = screen.buffer;
  const rows = Array.from(
    { length: ROWS },
    (_, index) => active.getLine(active.baseY + index)?.translateToString(true) ?? "",
  );
  return rows.join("\n");
}
