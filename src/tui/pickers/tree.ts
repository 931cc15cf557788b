// The tree of this session: every run of every branch, to move to, to fork from, to label. And the runs of this branch
// alone, for /rewind.
import type { RunNode } from "../../app/app.ts";
import { formatAge } from "../../app/format.ts";
import {
  type PreviewLine,
  previewAnswer,
  previewFact,
  previewLine,
  previewPrompt,
} from "../components/picker-preview.ts";
import type { Guide, PickerItem } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import { keyNames } from "../keys/key-words.ts";
import { openRollback } from "../screens/rollback.ts";
import type { PickerSource } from "./source.ts";

const NOTHING = "This session has no runs yet.";
/** The place before the first prompt. */
const START = "";

export function treeSource(desk: Desk): PickerSource {
  const { app } = desk;
  const key = keyNames(desk.bindings);
  const runs = new Map<string, RunNode>();
  return {
    verb: "moves there",
    nothing: NOTHING,
    items: async () => {
      const found = await app.sessions.runs();
      for (const run of found) runs.set(run.id, run);
      if (found.length === 0) return [];
      const guides = branchGuides(found);
      const isAtStart = !found.some((run) => run.isTip);
      return [startItem(isAtStart), ...found.map((run, index) => runItem(run, guides[index] ?? []))];
    },
    choose: (id) => {
      if (runs.get(id)?.isTip === true) desk.say("The session is there already.");
      else openRollback(desk, { kind: "rewind", to: id === START ? { run: 0 } : { runEntry: id } });
    },
    previewHeight: 6,
    preview: (id) => describe(runs.get(id)),
    keys: (control) => [
      {
        action: "picker_fork",
        label: "forks there",
        run: (item) => {
          if (!item || item.value === START) return;
          control.close();
          desk.command(`/fork #${item.value}`);
        },
      },
      {
        action: "picker_other",
        label: "with a summary",
        run: (item) => {
          if (!item || runs.get(item.value)?.isTip === true) return;
          control.close();
          desk.command(item.value === START ? "/rewind 0 summary" : `/rewind #${item.value} summary`);
        },
      },
      {
        action: "picker_rename",
        label: "labels it",
        run: (item) => {
          const run = runs.get(item?.value ?? "");
          if (!run) return;
          control.ask({
            title: `Label of this run (${key("submit")} keeps it, ${key("interrupt")} goes back)`,
            initial: run.label,
            submit: (label) =>
              desk.attempt(async () => {
                await app.sessions.label(run.id, label.trim());
                control.reload();
              }),
          });
        },
      },
    ],
  };
}

/** The runs of this branch, newest first, with the numbers that /rewind takes; then the place before them. */
export function runSource(desk: Desk): PickerSource {
  const runs = new Map<string, RunNode>();
  return {
    verb: "goes back there",
    nothing: NOTHING,
    items: async () => {
      const branch = (await desk.app.sessions.runs()).filter((run) => run.onBranch);
      if (branch.length === 0) return [];
      const items = branch.map((run, index) => {
        runs.set(`${index + 1}`, run);
        return { ...runItem(run, []), value: `${index + 1}`, label: `${index + 1}. ${titleOf(run)}` };
      });
      return [
        ...items.toReversed(),
        { ...startItem(false), value: "0", label: "0. before the first prompt" },
      ];
    },
    choose: (number) => openRollback(desk, { kind: "rewind", to: { run: Number(number) } }),
    previewHeight: 6,
    preview: (number) => describe(runs.get(number)),
    keys: (control) => [
      {
        action: "picker_other",
        label: "with a summary",
        run: (item) => {
          if (!item) return;
          control.close();
          desk.command(`/rewind ${item.value} summary`);
        },
      },
    ],
  };
}

function startItem(current: boolean): PickerItem<string> {
  return { value: START, label: "before the first prompt", detail: "", current };
}

function runItem(run: RunNode, guides: readonly Guide[]): PickerItem<string> {
  const tools = run.tools === 0 ? "" : `  ${run.tools} ${run.tools === 1 ? "call" : "calls"}`;
  return {
    value: run.id,
    label: titleOf(run),
    detail: `${formatAge(Date.now() - run.timeMs)} ago${tools}`,
    current: run.isTip,
    guides,
  };
}

function titleOf({ label, prompt }: RunNode): string {
  return label === "" ? prompt.trim() : `[${label}] ${prompt.trim()}`;
}

/**
 * What is drawn before each run. Runs in a row stand below each other; only where more than one run follows the same
 * run, each of them begins a branch of its own, one step to the right.
 */
export function branchGuides(runs: readonly Pick<RunNode, "id" | "parent">[]): Guide[][] {
  const siblings = Map.groupBy(runs, ({ parent }) => parent);
  const below = new Map<string | null, Guide[]>([[null, []]]);
  return runs.map(({ id, parent }) => {
    const before = below.get(parent) ?? [];
    const group = siblings.get(parent) ?? [];
    if (group.length < 2) {
      below.set(id, before);
      return before;
    }
    const isLast = group.at(-1)?.id === id;
    below.set(id, [...before, isLast ? "gap" : "line"]);
    return [...before, isLast ? "last" : "fork"];
  });
}

function describe(run: RunNode | undefined): PreviewLine[] {
  if (!run) return [previewLine("The conversation is empty there; its runs stay in the tree.", "dim")];
  const { prompt, answer, files, tools, runtime, outcome, onBranch } = run;
  const facts = [runtime, outcome ?? "not ended", `${tools} ${tools === 1 ? "call" : "calls"}`];
  return [
    previewPrompt(prompt),
    ...(answer === "" ? [] : [previewAnswer(answer, 3)]),
    ...(files.length === 0 ? [] : [previewFact("files", files.join(", "))]),
    previewFact(
      "run",
      [...facts, ...(onBranch ? [] : ["on another branch"])].filter((fact) => fact !== "").join(", "),
    ),
  ];
}
