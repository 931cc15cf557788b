// The pi runtime over a scripted pi's real process.
import { createPiRuntime } from "../../../src/runtimes/pi/pi-runtime.ts";
import { ofType } from "../../support/events.ts";
import { type PiScript, piAgent } from "../../support/pi-agent.ts";
import { type SessionSettings, startSession } from "../../support/runtime-session.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

export async function prepare(script: PiScript, idleTimeoutSeconds = 20) {
  const cwd = await temporaryFolder();
  const folder = await temporaryFolder();
  const pi = piAgent(folder, script);
  const { command, args } = pi;
  let ids = 0;
  const runtime = createPiRuntime({
    name: "pi",
    command,
    args,
    env: { PATH: process.env.PATH ?? "", HOME: folder },
    idleTimeoutSeconds,
    releaseSeconds: 60,
    newId: () => `id-${++ids}`,
    now: Date.now,
  });
  return {
    cwd,
    folder,
    pi,
    runtime,
    start: (settings?: SessionSettings) => startSession(runtime, cwd, settings),
  };
}

export const outcome = (session: { events: Parameters<typeof ofType>[0] }) =>
  ofType(session.events, "run_end").at(-1);
