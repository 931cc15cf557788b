// `hearth mux host`: the process behind a terminal session. `hearth mux start` runs it; nobody else does.
import { processEnvironment } from "../../../config/env.ts";
import { runHost } from "../../../mux/host/launch.ts";
import { EXIT } from "../../exit.ts";

/** Serves until its program has ended. */
export async function hostCommand(): Promise<number> {
  const host = await runHost({
    input: process.stdin,
    env: processEnvironment(),
    report: (line) => void process.stdout.write(`${line}\n`),
  });
  if (host === null) return EXIT.failed;
  // The machine goes down, or somebody asks us to leave: the program is asked first.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, host.end);
  await host.done;
  return EXIT.completed;
}
