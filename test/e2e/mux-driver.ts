// `hearth mux` as people use it: commands in one terminal, clients in others. What a test starts is ended with it.
import { onTestFinished } from "vitest";
import { newPlace, type Outcome, type Place, runHearth } from "../support/hearth.ts";
import { startTerminal, type VirtualTerminal } from "../support/terminal.ts";

/** One row of `hearth mux list --json`. */
type Listed = {
  name: string;
  state: string;
  paused: boolean;
  exitCode: number | null;
  signal: string | null;
  pid: number;
  hostPid: number;
  columns: number;
  rows: number;
  clients: { id: string; pid: number; columns: number; rows: number }[];
};

export type Mux = {
  place: Place;
  /** `hearth mux ARGS`, whatever comes of it. */
  run: (...args: string[]) => Promise<Outcome>;
  /** As `run`, for what must succeed. Gives standard output. */
  ok: (...args: string[]) => Promise<string>;
  start: (name: string, ...command: string[]) => Promise<void>;
  listed: (name: string) => Promise<Listed>;
  /** The lines of its screen with what is above it. */
  lines: (name: string) => Promise<string[]>;
  attach: (name: string, size?: { columns: number; rows: number }) => Promise<VirtualTerminal>;
};

export async function newMux(env: Record<string, string> = {}): Promise<Mux> {
  const place = await newPlace();
  Object.assign(place.env, { PS1: "$ ", ...env });
  const run = (...args: string[]): Promise<Outcome> => runHearth(place, ["mux", ...args]);
  const ok = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(...args);
    if (exitCode !== 0) throw new Error(`hearth mux ${args.join(" ")}: ${exitCode}\n${stderr}`);
    return stdout;
  };
  const all = async (): Promise<Listed[]> => JSON.parse(await ok("list", "--json"));
  onTestFinished(async () => {
    for (const { name, state } of await all()) {
      if (state !== "exited" && state !== "lost") await run("end", "--force", name);
    }
  });
  return {
    place,
    run,
    ok,
    start: async (name, ...command) => void (await ok("start", name, "--", ...command)),
    listed: async (name) => {
      const found = (await all()).find((row) => row.name === name);
      if (!found) throw new Error(`${name} is not listed`);
      return found;
    },
    lines: async (name) => JSON.parse(await ok("snapshot", "--scrollback", "--json", name)).lines,
    attach: async (name, size = { columns: 80, rows: 24 }) => {
      const terminal = startTerminal({
        args: ["mux", "attach", name],
        cwd: place.cwd,
        env: place.env,
        ...size,
      });
      await terminal.waitFor(`${name}  `);
      return terminal;
    },
  };
}

/** The rows above the one that is Hearth's. */
export function programRows(terminal: VirtualTerminal): string[] {
  return terminal.screen().slice(0, -1);
}
