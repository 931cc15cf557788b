// `hearth acp`: Hearth as an agent for editors, on standard input and output. Nothing but the protocol is written there.
import type { OpenRequest } from "../../acp/sessions.ts";
import type { App } from "../../app/app.ts";
import { openLibrary } from "../../app/session-library.ts";
import { processEnvironment } from "../../config/env.ts";
import { hearthPaths } from "../../config/paths.ts";
import { VERSION } from "../../config/version.ts";
import { sanitizeText } from "../../lib/ansi.ts";
import { AppError } from "../../lib/app-error.ts";
import { byteStream } from "../../lib/byte-stream.ts";
import { EXIT } from "../exit.ts";
import { createInterruption } from "../interruption.ts";
import { appOptions, readableFolder } from "../open-app.ts";
import type { ChatOptions } from "../options.ts";
import { claimStandardOutput } from "../standard-output.ts";

/** After the connection's end: what has not ended by then ends with the process. */
const LEAVING_MS = 2_700;

export type AcpFlags = { editor: boolean };

/** Serves until standard input ends or a signal comes. Flags of a single session's beginning mean nothing here. */
export async function acpCommand({ editor: lends }: AcpFlags, flags: ChatOptions): Promise<number> {
  refuseOthers(flags);
  const output = claimStandardOutput();
  const interruption = createInterruption(undefined);
  if (process.stdin.isTTY) say("`hearth acp` is for editors: it speaks the Agent Client Protocol.", TTY_HINT);
  const { serveAcp } = await import("../../acp/serve.ts");
  const env = processEnvironment();
  const { sessionsDir } = hearthPaths(env);
  const served = serveAcp({
    version: VERSION,
    input: byteStream(process.stdin),
    output,
    lends,
    signal: interruption.signal,
    say,
    open: (request) => open(request, flags),
    library: (cwd) => openLibrary({ dir: sessionsDir, cwd, env }),
    checkKeys: () => checkKeys(flags),
  });
  const late = new Promise<void>((resolve) => {
    const leave = (): void => void setTimeout(resolve, LEAVING_MS);
    process.stdin.once("close", leave);
    interruption.signal.addEventListener("abort", leave, { once: true });
  });
  await Promise.race([served, late]);
  interruption.dispose();
  return EXIT.completed;
}

const TTY_HINT = "Name it as an agent in your editor's settings; `hearth` alone starts it here.";

async function open(request: OpenRequest, flags: ChatOptions): Promise<App> {
  const { session, mcpServers, editor } = request;
  if (!flags.session && (session.kind === "resume" || session.kind === "fork")) {
    throw new AppError("session.not_found", "No session is kept: this agent was started with --no-session.");
  }
  const cwd = await readableFolder(request.cwd, "The session");
  const addDirs = await Promise.all(request.addDirs.map((path) => readableFolder(path, "The session")));
  const { createApp } = await import("../../app/create-app.ts");
  const options = await appOptions({ ...flags, addDir: [...(flags.addDir ?? []), ...addDirs] }, cwd);
  return createApp({
    ...options,
    interactive: true,
    session: flags.session ? session : { kind: "none" },
    mcpServers,
    ...(editor === null ? {} : { editor }),
  });
}

/** A session that stores nothing tells which models there are keys for. */
async function checkKeys(flags: ChatOptions): Promise<void> {
  const nothing = { addDirs: [], session: { kind: "none" }, mcpServers: [], editor: null } as const;
  const app = await open({ ...nothing, cwd: process.cwd() }, flags);
  try {
    const agents = Object.keys(app.settings.runtimes ?? {});
    if (app.models.current() !== null || agents.length > 0) return;
    throw new AppError("model.none", "There is no model to ask: no key was found.", {
      hint: "Set ANTHROPIC_API_KEY, OPENAI_API_KEY, GOOGLE_API_KEY or OPENROUTER_API_KEY, or run `hearth` once in a terminal.",
    });
  } finally {
    await app.close();
  }
}

function refuseOthers(flags: ChatOptions): void {
  const given = [
    flags.print === undefined ? "" : "--print",
    flags.continue === true ? "--continue" : "",
    flags.resume === undefined ? "" : "--resume",
    flags.fork === undefined ? "" : "--fork",
    flags.name === undefined ? "" : "--name",
    flags.try === true ? "--try" : "",
    flags.timeout === undefined ? "" : "--timeout",
  ].filter((flag) => flag !== "");
  if (given.length === 0) return;
  throw new AppError("cli.conflict", `\`hearth acp\` and ${given.join(", ")} cannot be used together.`, {
    hint: "The editor opens the sessions.",
  });
}

function say(sentence: string, hint?: string): void {
  const more = hint === undefined ? "" : `hint: ${sanitizeText(hint)}\n`;
  process.stderr.write(`hearth: ${sanitizeText(sentence)}\n${more}`);
}
