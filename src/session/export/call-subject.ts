// What a tool call was about, in one line: its command, its path, its pattern. Tools of every agent, by their arguments.
import type { ToolCallContent } from "../../protocol/content.ts";

/** Names of arguments that say most, best first. */
const TELLING =
  "command cmd path file_path filePath absolute_path pattern query url description prompt message ref".split(
    " ",
  );

const LONGEST = 120;

/** "" where the arguments tell nothing. */
export function callSubject({ arguments: args, invalidArguments }: ToolCallContent): string {
  const named = TELLING.map((name) => subjectText(args[name])).find((text) => text !== "");
  const any =
    named ??
    Object.values(args)
      .map(subjectText)
      .find((text) => text !== "");
  return oneLine(any ?? invalidArguments ?? "", LONGEST);
}

function subjectText(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((part) => typeof part === "string")) return value.join(" ");
  return "";
}

export function oneLine(text: string, length: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
