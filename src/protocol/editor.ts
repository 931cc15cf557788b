// Editor: what a program that shows Hearth lends it: its files with what is not saved yet, and its terminals. Types only.

export type EditorCommand = {
  /** A program and its arguments, without a shell. */
  file: string;
  args: readonly string[];
  /** Absolute. */
  cwd: string;
  /** Beside the terminal's own environment. */
  env: Readonly<Record<string, string>>;
  /** The terminal keeps no more of the output than this, the newest part. */
  maxOutputBytes: number;
  /** Milliseconds; absent: as long as it takes. */
  timeoutMs?: number;
  /** Ends the command; what it printed so far comes back. */
  signal: AbortSignal;
};

/** `exitCode` is null when a signal ended it. `cut`: the beginning of the output is missing. */
export type EditorCommandEnd = {
  output: string;
  cut: boolean;
  exitCode: number | null;
  timedOut: boolean;
  aborted: boolean;
};

/** Paths are absolute. Each method rejects where the editor does not do it; Hearth does it by itself then. */
export interface Editor {
  /** The text as it stands in the editor. Absent: not lent. */
  readText?: (path: string) => Promise<string>;
  /** Resolves when the editor has it. Absent: not lent. */
  writeText?: (path: string, text: string) => Promise<void>;
  /** Runs a command to its end in a terminal that the person sees. Rejects only when it was not started. */
  run?: (command: EditorCommand) => Promise<EditorCommandEnd>;
  /** Hearth went on by itself; told once each. */
  onFallback: (what: "read" | "write" | "run", error: unknown) => void;
}
