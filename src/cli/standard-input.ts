// Reads piped standard input for one-shot mode, without hanging on a pipe that nobody writes to.
import type { Readable } from "node:stream";

/** How long a prompt on the command line waits for the first piped byte before it goes without. */
const FIRST_BYTE_MS = 3_000;

/**
 * The whole text of `input`. With `optional` (a prompt is there already) gives null when nothing came within
 * three seconds, so that a parent that leaves the pipe open does not stop us.
 */
export async function readStandardInput(
  input: Readable,
  options: { optional: boolean },
): Promise<string | null> {
  input.setEncoding("utf8");
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = options.optional ? setTimeout(() => finish(null), FIRST_BYTE_MS) : undefined;
    const finish = (result: string | null): void => {
      clearTimeout(timer);
      input.pause();
      input.removeAllListeners("data");
      if (result === null && "unref" in input && typeof input.unref === "function") input.unref();
      resolve(result);
    };
    input.on("data", (chunk: string) => {
      clearTimeout(timer);
      text += chunk;
    });
    input.on("end", () => finish(text));
    input.on("error", reject);
  });
}

/** The prompt of a person and the piped text as one message, clearly delimited. */
export function joinPrompt(prompt: string, piped: string | null): string {
  const text = piped?.trim() === "" ? null : piped;
  if (text === null) return prompt;
  if (prompt.trim() === "") return text.replace(/\n$/, "");
  return `${prompt}\n\n<stdin>\n${text.replace(/\n$/, "")}\n</stdin>`;
}
