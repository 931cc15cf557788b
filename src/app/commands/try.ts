// /changes /apply /discard: what a try would do to the workspace, and settling it.
import { AppError } from "../../lib/app-error.ts";
import type { TryChange, TryChoice } from "../../protocol/try-change.ts";
import type { App, TrialChoice } from "../app.ts";
import { changeLine, changeLines, countChanges, settledWords } from "../change-lines.ts";
import type { Command } from "./command.ts";

export const changesCommand: Command = {
  name: "changes",
  summary: "what the try would change in your files; look at it, take it over or drop it",
  whileBusy: "now",
  run: async (_args, app) => {
    const changes = await trialOf(app).changes();
    if (changes.length === 0) return { say: "The try has changed nothing so far." };
    const text = changeLines(changes)
      .map((line) => `- ${line}`)
      .join("\n");
    return { text, ui: { kind: "picker", picker: "changes" } };
  },
};

export const applyCommand: Command = {
  name: "apply",
  usage: "[FILE [HUNK]]",
  summary: "take what the try changed over into your files: all, a file, one hunk",
  whileBusy: "refuse",
  complete: changedPaths,
  run: async (args, app) => {
    const settlement = await trialOf(app).apply(readChoice(args));
    return { say: settledWords("Applied", settlement) };
  },
};

export const discardCommand: Command = {
  name: "discard",
  usage: "[FILE [HUNK]]",
  summary: "drop what the try changed: all, a file, one hunk; your files stay as they are",
  whileBusy: "refuse",
  complete: changedPaths,
  run: async (args, app) => {
    const trial = trialOf(app);
    const wished = args.replace(/(^|\s)yes$/, "");
    const choice = readChoice(wished);
    if (wished !== args) return { say: settledWords("Discarded", await trial.discard(choice)) };
    const what = choice.what === "all" ? countChanges(await trial.changes()) : wished;
    const line = `/discard ${wished} yes`.replace(/ {2,}/, " ");
    const text = `\`${line}\` discards ${what} for good.`;
    return { text, ui: { kind: "confirm", question: `Discard ${what} for good?`, line } };
  },
};

function trialOf({ trial }: App): TrialChoice {
  if (trial) return trial;
  throw new AppError("try.none", "This session works in your files directly: there is nothing to settle.", {
    hint: "`hearth --try` starts one that leaves them alone until /apply.",
  });
}

async function changedPaths({ trial }: App): Promise<{ value: string; detail: string }[]> {
  const changes = (await trial?.changes()) ?? [];
  const shown = changes.filter(({ group }: TryChange) => group === null);
  return shown.map((change) => ({ value: change.path, detail: changeLine(change) }));
}

/** "", "all", a path, a path with the number of a hunk and its mark: `src/a.ts 2`, `src/a.ts 2:1f3a9c00`. */
function readChoice(args: string): TryChoice {
  if (args === "" || args === "all") return { what: "all" };
  const [, path = "", number = "", mark] = /^(.+?)\s+(\d+)(?::([0-9a-f]{8}))?$/s.exec(args) ?? [];
  if (path === "") return { what: "path", path: args };
  return { what: "hunk", path, number: Number(number), ...(mark === undefined ? {} : { mark }) };
}
