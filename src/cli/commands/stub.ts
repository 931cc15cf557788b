// `hearth stub`: the local server that answers like a model provider.
import { AppError } from "../../lib/app-error.ts";
import { EXIT } from "../exit.ts";

export type StubFlags = {
  port: string;
  host: string;
  script?: string;
  record?: string;
  recording?: string[];
};

/** Serves until SIGINT or SIGTERM. */
export async function stubCommand({ port, host, script, record, recording }: StubFlags): Promise<number> {
  const { runStub } = await import("../../server/stub/run-stub.ts");
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  await runStub({
    port: portNumber(port),
    host,
    ...(script === undefined ? {} : { script }),
    ...(record === undefined ? {} : { record }),
    ...(recording === undefined ? {} : { recordings: recording }),
    write: (line) => void process.stdout.write(`${line}\n`),
    note: (line) => void process.stderr.write(`${line}\n`),
    signal: stop.signal,
  });
  return EXIT.completed;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new AppError("cli.port", `"${text}" is no port.`, {
    hint: "A number from 0 to 65535; 0 takes a free one.",
  });
}
