// Starts a host in the background and waits until it serves; and the other end of that talk, inside the host.
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import * as z from "zod/mini";
import { AppError, toFailure } from "../../lib/app-error.ts";
import { Failure } from "../../protocol/failure.ts";
import { SessionRecord } from "../folder/session-file.ts";
import { type Host, type HostRequest, startHost } from "./host.ts";
import { programEnvironment } from "./program-env.ts";

const Request = z.object({
  dir: z.string(),
  name: z.string(),
  command: z.tuple([z.string()], z.string()),
  cwd: z.string(),
  columns: z.number(),
  rows: z.number(),
});

/** The one line that a host writes. */
const Report = z.union([z.object({ record: SessionRecord }), z.object({ failure: Failure })]);
type Report = z.infer<typeof Report>;

export type LaunchOptions = {
  /** What starts this program with the arguments that make it a host. */
  command: readonly [string, ...string[]];
  env: Readonly<Record<string, string | undefined>>;
};

/** Gives what it started. Throws what startHost throws, `mux.host` where the host does not come up. */
export async function launchHost(
  request: HostRequest,
  { command, env }: LaunchOptions,
): Promise<SessionRecord> {
  const [file, ...args] = command;
  // A session of its own: it stays when the terminal it was started from is closed.
  const child = spawn(file, args, {
    cwd: "/",
    env: { ...env },
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const report = readReport(child);
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(JSON.stringify(request));
  const told = await report;
  child.unref();
  if ("record" in told) return told.record;
  const { code, message, hint } = told.failure;
  throw new AppError(code, message, hint === undefined ? {} : { hint });
}

async function readReport(child: ChildProcess): Promise<Report> {
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  try {
    const told = child.stdout === null ? "" : await Promise.race([firstLine(child.stdout), failed]);
    return Report.parse(JSON.parse(told));
  } catch (cause) {
    throw new AppError("mux.host", "The terminal session's own process did not start.", {
      hint: "`hearth doctor` checks this installation.",
      cause,
    });
  }
}

/** The host keeps its standard output open for as long as it lives. */
async function firstLine(stream: Readable): Promise<string> {
  let told = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    told += chunk;
    if (told.includes("\n")) break;
  }
  return told;
}

export type HostProcess = {
  input: NodeJS.ReadableStream;
  env: Readonly<Record<string, string | undefined>>;
  /** Tells the starter, who waits for the end of it. */
  report: (line: string) => void;
};

/** The host's own process: takes a request, serves until the program has ended. True when there was a program. */
export async function runHost({ input, env, report }: HostProcess): Promise<Host | null> {
  try {
    const request = Request.parse(JSON.parse(await text(input)));
    const host = await startHost(request, programEnvironment(env, request.name));
    report(JSON.stringify({ record: host.record } satisfies Report));
    return host;
  } catch (error) {
    report(JSON.stringify({ failure: toFailure(error) } satisfies Report));
    return null;
  }
}
