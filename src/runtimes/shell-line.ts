// A shell line of the person's own (`!command`): no gate, its newest output as text; it can be moved to the background.
import { join } from "node:path";
import { newId } from "../lib/ids.ts";
import type { Workspace } from "../sandbox/workspace.ts";
import { LongOutput } from "../tools/long-output.ts";

/** Newest characters of a person's own command that go into the conversation; as bash's limit for the model. */
const OUTPUT_LENGTH = 50_000;

export type ShellLineOptions = {
  /** Gets the output so far, until the line has ended or was moved. */
  onOutput: (output: string) => void;
  signal: AbortSignal;
  /** On abort the command goes on in the background. */
  background: AbortSignal;
};

/** `exitCode` is null when a signal ended it; `moved` says where it goes on, with 0 for its code. */
export type ShellLineResult = {
  output: string;
  exitCode: number | null;
  moved?: { id: string; logPath: string | null };
};

/** `outputDir`: a folder for the log of a command that is moved. */
export async function runShellLine(
  { workspace, outputDir }: { workspace: Workspace; outputDir: string },
  command: string,
  { onOutput, signal, background }: ShellLineOptions,
): Promise<ShellLineResult> {
  const logPath = join(outputDir, `shell-${newId()}.log`);
  const log = new LongOutput(logPath);
  let output = "";
  let ended = false;
  const hear = (text: string): void => {
    log.add(text);
    if (ended) return;
    output = (output + text).slice(-OUTPUT_LENGTH);
    onOutput(output);
  };
  const end = await workspace.exec(command, {
    onOutput: hear,
    signal,
    background: { signal: background, logPath },
  });
  ended = true;
  if (!end.background) return { output, exitCode: end.exitCode };
  log.spill();
  return { output, exitCode: 0, moved: { id: end.background.id, logPath: log.result().path } };
}
