// `hearth mux attach`: a terminal session in this terminal.
import { processEnvironment, readVariable } from "../../../config/env.ts";
import { AppError } from "../../../lib/app-error.ts";
import { type AttachEnd, attach } from "../../../mux/client/attach.ts";
import { detachKey } from "../../../mux/client/detach-key.ts";
import { INSIDE } from "../../../mux/host/program-env.ts";
import { EXIT } from "../../exit.ts";
import { tell } from "../../print-lines.ts";
import { endWords, runningSession } from "./words.ts";

const SIGNALS = ["SIGTERM", "SIGHUP", "SIGINT"] as const;

export async function attachCommand(name: string, flags: { detachKey: string }): Promise<number> {
  const key = detachKey(flags.detachKey);
  const record = await runningSession(name);
  const { stdin: input, stdout: output } = process;
  const env = processEnvironment();
  if (!input.isTTY || !output.isTTY || readVariable(env, "TERM") === "dumb") {
    throw new AppError("mux.terminal", "Attaching needs a terminal that can be drawn on.", {
      hint: `\`hearth mux snapshot ${name}\` prints the screen, \`hearth mux send ${name} TEXT\` types.`,
    });
  }
  if (readVariable(env, INSIDE) === name) {
    throw new AppError("mux.nested", `This terminal is ${name} itself.`, {
      hint: "It would show itself within itself without end.",
    });
  }
  const stop = new AbortController();
  let ended = false;
  const onSignal = (): void => {
    ended = true;
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    const end = await attach(record, { terminal: { input, output }, key, signal: stop.signal });
    tell(endText(name, end));
    return ended ? EXIT.interrupted : EXIT.completed;
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}

function endText(name: string, end: AttachEnd): string {
  if (end.why === "ended") return `${name} has ended: ${endWords(end)}.`;
  return `Detached from ${name}; it goes on. \`hearth mux attach ${name}\` shows it again.`;
}
