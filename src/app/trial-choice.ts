// The try of a program as frontends see it, and what is said of it at the start.
import type { Settings } from "../config/settings.ts";
import { abbreviateHome } from "../lib/paths.ts";
import type { HeldTrial } from "../runtimes/try-mode.ts";
import type { App, TrialChoice } from "./app.ts";
import type { RuleTexts } from "./rule-layers.ts";

/** `holder`: whose runs change the files. */
export function trialChoice(trial: HeldTrial | null, holder: Holder): TrialChoice | null {
  if (trial === null) return null;
  noteBases(trial, holder);
  const { id, changes, sides, apply, discard } = trial;
  return { id, changes, sides, apply, discard };
}

/** One line on where the session works and why there, and what is left out. */
export function tryWarnings(trial: HeldTrial, { addDirs = [] }: Settings): string[] {
  const left = "Other directories of the settings are left out: a try keeps only this one untouched.";
  return [tryLine(trial), ...(addDirs.length === 0 ? [] : [left])];
}

function tryLine({ way, why, root }: Pick<HeldTrial, "way" | "why" | "root">): string {
  const because = why === "" ? "" : ` (${why})`;
  const where = `The session works in ${root}; programs can still reach yours by their own path.`;
  const shared = "Branches and stashes are your repository's; commits are applied as changed files.";
  return [
    `Try, ${tryPlace(way)}${because}: your files stay as they are until /apply.`,
    ...(way === "overlay" ? [] : [where]),
    ...(way === "worktree" ? [shared] : []),
  ].join(" ");
}

/** Folders beside the workspace would be written to for real. */
export function withoutOthers(settings: Settings): Settings {
  return { ...settings, addDirs: [] };
}

/** Rules that name files of the workspace by their whole path hold for their twins in a copy too. */
export function rulesInTry(
  layers: readonly RuleTexts[],
  { trial, project, home }: { trial: Pick<HeldTrial, "root"> | null; project: string; home: string },
): RuleTexts[] {
  if (trial === null || trial.root === project) return [...layers];
  const names = [...new Set([project, abbreviateHome(project, home)])];
  const withTwins = (texts: readonly string[]): string[] =>
    texts.flatMap((text) => {
      const name = names.find((prefix) => text.includes(`(${prefix}/`));
      return name === undefined ? [text] : [text, text.replace(`(${name}/`, `(${trial.root}/`)];
    });
  return layers.map(({ allow, ask, deny, log, ...place }) => ({
    ...place,
    allow: withTwins(allow),
    ask: withTwins(ask),
    deny: withTwins(deny),
    log: withTwins(log),
  }));
}

type Holder = {
  current: () => App["conversation"];
  onReplaced: App["onConversation"];
};

/** After every run the texts that it was the first to change are kept, for a conflict to come. */
function noteBases(trial: HeldTrial, { current, onReplaced }: Holder): void {
  const follow = (): void =>
    void current().subscribe(({ event }) => {
      // Without them a conflict shows one side less; the next run notes what this one could not.
      if (event.type === "run_end") trial.note().catch(() => undefined);
    });
  follow();
  onReplaced(follow);
}

function tryPlace(way: HeldTrial["way"]): string {
  switch (way) {
    case "overlay":
      return "in an overlay of the workspace";
    case "reflink":
      return "in a copy that shares its blocks";
    case "worktree":
      return "in a git worktree";
    case "copy":
      return "in a copy";
  }
}
