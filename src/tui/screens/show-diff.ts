// What /diff shows: each changed file as a change in the transcript. And which answers of commands are for screens.
import type { CommandResult } from "../../app/commands/command.ts";
import { newId } from "../../lib/ids.ts";
import type { FileDiff } from "../../protocol/checkpoint.ts";
import type { Desk } from "../desk.ts";

type Request = NonNullable<CommandResult["ui"]>;

/** Of more files only the names are told. */
const MOST_FILES = 50;

/** Whether the text beside it says only what the screen shows by itself. */
export function isForScreens(ui: Request | undefined): boolean {
  switch (ui?.kind) {
    case "picker":
    case "screen":
    case "confirm":
    case "restart":
    case "rollback":
    case "diff":
      return true;
    default:
      return false;
  }
}

export function showDiff(desk: Desk, { where, files }: Extract<Request, { kind: "diff" }>): void {
  const id = newId();
  const count = `${files.length} ${files.length === 1 ? "file" : "files"} changed since`;
  const rest = files.slice(MOST_FILES).map(({ path }) => `- \`${path}\``);
  const text = [`${count} ${where}.`, ...rest].join("\n");
  desk.show({ kind: "assistant", id: id, text, speaker: "" });
  for (const [index, file] of files.slice(0, MOST_FILES).entries()) {
    desk.show({
      kind: "tool",
      id: `${id}-${index}`,
      name: file.change,
      arguments: { path: file.path },
      status: "done",
      output: "",
      startedMs: desk.now(),
      details: detailsOf(file),
    });
  }
}

function detailsOf({ path, patch, added, removed }: FileDiff) {
  if (added === null || removed === null) return { summary: "no text" };
  const summary = `+${added} -${removed}`;
  return patch === "" ? { summary } : { summary, diff: { path, patch, added, removed } };
}
