// How a shell line of the person's own (`!command`) stands in the conversation.
import type { UserMessage } from "../protocol/message.ts";
import type { ShellLineResult } from "../runtimes/shell-line.ts";

/** The model reads the text; `details` are for the screen. */
export function shellMessage(command: string, result: ShellLineResult): UserMessage {
  const { output, exitCode, moved } = result;
  const seen = moved === undefined ? output : withLine(output, `[goes on in the background as ${moved.id}]`);
  return {
    role: "user",
    content: [{ type: "text", text: `I ran \`${command}\` (${endWords(result)}):\n\n${output}` }],
    source: "shell",
    details: {
      command,
      output: seen,
      exitCode,
      ...(moved === undefined ? {} : { background: moved.id, backgroundLog: moved.logPath }),
    },
  };
}

function endWords({ exitCode, moved }: ShellLineResult): string {
  if (moved === undefined) return `exit code ${exitCode ?? "none, ended by a signal"}`;
  const log = moved.logPath === null ? "" : `; its output is kept in ${moved.logPath}`;
  return `it goes on in the background as ${moved.id}${log}`;
}

function withLine(text: string, line: string): string {
  return text === "" || text.endsWith("\n") ? text + line : `${text}\n${line}`;
}
