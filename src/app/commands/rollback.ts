// Commands about files and conversation as they were: /rewind /undo /redo /snapshots /snapshot /diff.
import { AppError } from "../../lib/app-error.ts";
import type { FileChange } from "../../protocol/checkpoint.ts";
import type { App } from "../app.ts";
import { formatAge } from "../format.ts";
import type {
  RewindTarget,
  RollbackAction,
  RollbackPart,
  RollbackPreview,
  Snapshot,
} from "../rollback/checkpoint-choice.ts";
import { goBackWords, listPaths } from "../rollback/result-text.ts";
import { runNumbers } from "./argument-choices.ts";
import type { Command, CommandResult } from "./command.ts";

const FILES_STAY = "Only the conversation went back: the files are as they were.";

const BOTH = { value: "both", detail: "conversation and files; what it does by itself" };
const FILES = { value: "files", detail: "the conversation stays as it is" };
const CONVERSATION = { value: "conversation", detail: "the files stay as they are" };

export const rewindCommand: Command = {
  name: "rewind",
  usage: "[RUN | #run | SNAPSHOT] [conversation | files | both | summary [what matters]]",
  summary: "go back to the end of a run: conversation, files or both; the runs after it stay in the tree",
  whileBusy: "refuse",
  complete: runNumbers,
  run: async (args, app) => {
    if (args === "") return { ui: { kind: "picker", picker: "run" } };
    const summed = /^(\S+)\s+summary(?:\s+([\s\S]*))?$/.exec(args);
    if (summed) return leaveBranch(app, targetOf(summed[1] ?? ""), (summed[2] ?? "").trim());
    const { rest, part, isSure } = splitWords(args);
    if (rest === "") throw usageError();
    const to = targetOf(rest);
    if ("snapshot" in to) return rollBack(app, { kind: "rewind", to }, { part: part ?? "files", isSure });
    if (part !== undefined && part !== "conversation") {
      return rollBack(app, { kind: "rewind", to }, { part, isSure });
    }
    if ("runEntry" in to) await app.sessions.rewindTo(to.runEntry);
    else await app.sessions.rewind(to.run);
    return { text: FILES_STAY };
  },
};

/** The conversation alone, with a summary of the runs that are left. */
async function leaveBranch(app: App, to: RewindTarget, summary: string): Promise<CommandResult> {
  if ("snapshot" in to) throw usageError();
  if ("runEntry" in to) await app.sessions.rewindTo(to.runEntry, { summary });
  else await app.sessions.rewind(to.run, { summary });
  return { text: FILES_STAY };
}

export const undoCommand: Command = {
  name: "undo",
  usage: "[conversation | files | both]",
  summary: "take back the last prompt and what its run did to the files",
  whileBusy: "refuse",
  complete: () => Promise.resolve([BOTH, FILES, CONVERSATION]),
  run: (args, app) => rollBackWords(args, app, { kind: "undo" }),
};

export const redoCommand: Command = {
  name: "redo",
  usage: "[files | both]",
  summary: "bring back what /undo or /rewind took, until the next prompt",
  whileBusy: "refuse",
  complete: () => Promise.resolve([BOTH, FILES]),
  run: (args, app) => rollBackWords(args, app, { kind: "redo" }),
};

export const snapshotsCommand: Command = {
  name: "snapshots",
  aliases: ["checkpoints"],
  summary: "the files as they were after each run, to look at and to go back to",
  whileBusy: "now",
  run: async (_args, app) => ({
    text: formatSnapshots(await app.checkpoints.list()),
    ui: { kind: "picker", picker: "snapshot" },
  }),
};

export const snapshotCommand: Command = {
  name: "snapshot",
  usage: "NAME",
  summary: "keep the files as they are now under a name",
  whileBusy: "now",
  run: async (args, app) => {
    if (args === "") throw new AppError("command.usage", "/snapshot takes a name.");
    await app.checkpoints.name(args);
    return { text: `The files are kept as \`${args}\`. \`/rewind ${args}\` brings them back.` };
  },
};

export const diffCommand: Command = {
  name: "diff",
  usage: "[since]",
  summary: "what changed in the files since this session began, a run or a snapshot",
  whileBusy: "now",
  complete: async (app) =>
    (await app.checkpoints.list()).map(({ id, title }) => ({ value: id, detail: title })),
  run: async (args, app) => {
    const { where, files } = await app.checkpoints.diff(args === "" ? undefined : args);
    if (files.length === 0) return { text: `No file changed since ${where}.` };
    const text = [`Changes since ${where}:`, "", ...files.flatMap(diffText)].join("\n");
    return { text, ui: { kind: "diff", where, files } };
  },
};

const PARTS: readonly RollbackPart[] = ["conversation", "files", "both"];

/** A part and a "yes" may stand at the end. */
function splitWords(args: string): { rest: string; part?: RollbackPart; isSure: boolean } {
  const words = args.split(/\s+/).filter((word) => word !== "");
  const isSure = words.at(-1) === "yes";
  if (isSure) words.pop();
  const part = PARTS.find((name) => name === words.at(-1));
  if (part !== undefined) words.pop();
  return { rest: words.join(" "), isSure, ...(part === undefined ? {} : { part }) };
}

function targetOf(text: string): RewindTarget {
  const runEntry = /^#(\S+)$/.exec(text)?.[1];
  if (runEntry !== undefined) return { runEntry };
  const number = /^(?:turn-)?(\d+)$/.exec(text)?.[1];
  if (number !== undefined) return { run: Number(number) };
  // A slip of the finger is no name.
  if (/^-?[\d.]+$/.test(text)) throw usageError();
  return { snapshot: text };
}

function usageError(): AppError {
  return new AppError("command.usage", "/rewind takes the number of a run or the name of a snapshot.", {
    hint: "`/tree` shows the runs, `/snapshots` the files after each.",
  });
}

async function rollBackWords(args: string, app: App, action: RollbackAction): Promise<CommandResult> {
  const { rest, part = "both", isSure } = splitWords(args);
  if (rest !== "") {
    throw new AppError("command.usage", `/${action.kind} ${args} means nothing.`, {
      hint: `/${action.kind} [files | both]`,
    });
  }
  return rollBack(app, action, { part, isSure });
}

/** What the person changed by hand is not taken without a word: the change is shown, and they say yes. */
async function rollBack(
  app: App,
  action: RollbackAction,
  { part, isSure }: { part: RollbackPart; isSure: boolean },
): Promise<CommandResult> {
  if (part !== "conversation" && !isSure) {
    const preview = await app.checkpoints.preview(action);
    if (preview.foreign.length > 0 && preview.blocked.length === 0) {
      const hint = `\`${commandOf(action)} ${part} yes\` does it.`;
      return { text: `${formatPreview(preview)}\n\n${hint}`, ui: { kind: "rollback", action } };
    }
  }
  const { draft, ...said } = await app.checkpoints.apply(action, part);
  return { ...said, ...(draft === undefined ? {} : { ui: { kind: "draft", text: draft } }) };
}

function commandOf(action: RollbackAction): string {
  if (action.kind !== "rewind") return `/${action.kind}`;
  const { to } = action;
  if ("run" in to) return `/rewind ${to.run}`;
  return "runEntry" in to ? `/rewind #${to.runEntry}` : `/rewind ${to.snapshot}`;
}

function formatPreview({ where, changes, foreign }: RollbackPreview): string {
  return [
    `To ${goBackWords(where)}, these files would change:`,
    ...changes.map((change) => `- ${changeLine(change)}`),
    "",
    `Changed by hand since the newest checkpoint: ${listPaths(foreign)}.`,
  ].join("\n");
}

function changeLine(change: FileChange): string {
  const { path, added, removed } = change;
  const counts = added === null || removed === null ? "" : ` +${added} -${removed}`;
  return `\`${path}\` ${change.change}${counts}`;
}

function diffText({ patch, ...change }: FileChange & { patch: string }): string[] {
  const hunks = patch.slice(Math.max(0, patch.search(/^@@/m))).trimEnd();
  const head = `- ${changeLine(change)}`;
  return hunks.startsWith("@@") ? [head, "", ...fenced(hunks), ""] : [head, ""];
}

function fenced(text: string): string[] {
  const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return [`${fence}diff`, text, fence];
}

function formatSnapshots(snapshots: readonly Snapshot[]): string {
  return snapshots
    .map((snapshot) => `- \`${snapshot.id}\`  ${snapshotDetail(snapshot, Date.now())}`)
    .join("\n");
}

/** Prompt or purpose, files and age in one line. */
function snapshotDetail({ title, files, timeMs, commit }: Snapshot, nowMs: number): string {
  const [line = ""] = title.trim().split("\n", 1);
  const age = timeMs === null ? "" : `${formatAge(nowMs - timeMs)} ago`;
  const changed =
    files === null ? "" : files === 0 ? "no file changed" : `${files} ${files === 1 ? "file" : "files"}`;
  const facts = [changed, age, commit === null ? "no checkpoint" : ""].filter((fact) => fact !== "");
  return facts.length === 0 ? line : `${line}  (${facts.join(", ")})`;
}
