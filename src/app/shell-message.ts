// How a shell line of the person's own (`!command`) stands in the conversation.
import type { UserMessage } from "../protocol/message.ts";

/** `exitCode` is null when a signal ended it. */
export type ShellResult = { output: string; exitCode: number | null };

/** The model reads the text; `details` are for the screen. */
export function shellMessage(command: string, { output, exitCode }: ShellResult): UserMessage {
  const text = `I ran \`${command}\` (exit code ${exitCode ?? "none, ended by a signal"}):\n\n${output}`;
  return {
    role: "user",
    content: [{ type: "text", text }],
    source: "shell",
    details: { command, output, exitCode },
  };
}
