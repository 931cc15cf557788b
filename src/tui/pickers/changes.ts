// What a try would change, file by file and hunk by hunk: looked at, taken over, dropped.
import type { TrialChoice } from "../../app/app.ts";
import { changeDetail, changeSign, settledWords } from "../../app/change-lines.ts";
import { isAtWork } from "../../app/state.ts";
import { AppError } from "../../lib/app-error.ts";
import type { TextDiff, TryChange, TryChoice, TryHunk } from "../../protocol/try-change.ts";
import { type PreviewLine, previewFact, previewLine } from "../components/picker-preview.ts";
import type { PickerItem } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import type { PickerControl, PickerSource, Preview } from "./source.ts";

/** A row: a file, one of its hunks, or a group of files that nobody reads one by one. */
type Row = { item: PickerItem<string>; choice: TryChoice; preview: Preview };

export function changeSource(desk: Desk): PickerSource {
  const { trial } = desk.app;
  let rows: readonly Row[] = [];
  const find = (value: string | undefined): Row | undefined => rows.find(({ item }) => item.value === value);
  return {
    verb: "applies it",
    nothing: "The try has changed nothing.",
    items: async () => {
      rows = trial ? rowsOf(await trial.changes(), trial) : [];
      return rows.map(({ item }) => item);
    },
    choose: (value) => {
      const row = find(value);
      if (row) settleThenShow(desk, "apply", row.choice);
    },
    preview: (value) => find(value)?.preview ?? [],
    keys: (control) => changeKeys(desk, { control, find }),
  };
}

type Keys = { control: PickerControl; find: (value: string | undefined) => Row | undefined };

function changeKeys(desk: Desk, { control, find }: Keys): ReturnType<NonNullable<PickerSource["keys"]>> {
  return [
    {
      action: "picker_remove",
      label: "discards",
      run: (item) => {
        const row = find(item?.value);
        if (!row || !item) return;
        control.confirm(`y discards it for good, any other key keeps it: ${item.label.trim()}`, () => {
          control.close();
          settleThenShow(desk, "discard", row.choice);
        });
      },
    },
    {
      action: "picker_other",
      label: "applies all",
      run: () =>
        control.confirm("y applies all that is in no conflict, any other key leaves it", () => {
          control.close();
          settleThenShow(desk, "apply", { what: "all" });
        }),
    },
  ];
}

/** Says what was done, and shows the list again while something is left. */
function settleThenShow(desk: Desk, verb: "apply" | "discard", choice: TryChoice): void {
  const { trial, conversation } = desk.app;
  desk.attempt(async () => {
    if (trial === null) return;
    if (isAtWork(conversation.state())) {
      throw new AppError("control.busy", "This has to wait: the agent is at work.", {
        hint: "`/stop` interrupts it, `/pause` holds it.",
      });
    }
    const settlement = await trial[verb](choice);
    desk.say(settledWords(verb === "apply" ? "Applied" : "Discarded", settlement));
    if (choice.what !== "all" && (await trial.changes()).length > 0) desk.command("/changes");
  });
}

function rowsOf(changes: readonly TryChange[], trial: TrialChoice): Row[] {
  const groups = Map.groupBy(changes, ({ group }) => group);
  return [
    ...(groups.get(null) ?? []).flatMap((change) => fileRows(change, trial)),
    ...groupRow(groups.get("git"), { path: "git", label: "what git keeps: commits, branches, index" }),
    ...groupRow(groups.get("ignored"), { path: "ignored", label: "files that git ignores" }),
  ];
}

function fileRows(change: TryChange, trial: TrialChoice): Row[] {
  const { path, hunks, state } = change;
  const file: Row = {
    item: {
      value: path,
      label: `${changeSign(change)} ${path}`,
      detail: changeDetail(change),
      current: false,
      path: true,
    },
    choice: { what: "path", path },
    preview: state === "conflict" ? () => describeConflict(change, trial) : describeFile(change),
  };
  const isDivisible = state === "clean" && change.kind === "changed" && hunks.length > 1;
  return isDivisible ? [file, ...hunks.map((hunk, index) => hunkRow(change, hunk, index))] : [file];
}

function hunkRow({ path, hunks }: TryChange, hunk: TryHunk, index: number): Row {
  const { number, mark, header, lines } = hunk;
  const first = ["-", "+"].flatMap((sign) => lines.find((line) => line.startsWith(sign))?.trim() ?? []);
  return {
    item: {
      value: `${path}\0${number}\0${mark}`,
      label: first.join("  "),
      detail: header,
      current: false,
      guides: [index === hunks.length - 1 ? "last" : "fork"],
    },
    choice: { what: "hunk", path, number, mark },
    preview: hunkLines(hunk),
  };
}

function groupRow(
  changes: readonly TryChange[] | undefined,
  { path, label }: { path: string; label: string },
): Row[] {
  if (!changes || changes.length === 0) return [];
  const isConflict = changes.some(({ state }) => state === "conflict");
  const detail = `${changes.length} in all${isConflict ? ", changed in the workspace too" : ""}`;
  const item = { value: `\0${path}`, label, detail, current: false };
  const preview = changes
    .slice(0, 30)
    .map((change) => previewLine(`${changeSign(change)} ${change.path}`, "dim", 1));
  return [{ item, choice: { what: "path", path }, preview }];
}

function describeFile(change: TryChange): PreviewLine[] {
  if (change.hunks.length === 0)
    return [previewLine(`${KINDS[change.kind]}: ${changeDetail(change)}`, "dim")];
  return change.hunks.flatMap(hunkLines);
}

const KINDS: Readonly<Record<TryChange["kind"], string>> = {
  added: "a new file",
  changed: "another content",
  deleted: "taken away",
};

async function describeConflict(change: TryChange, trial: TrialChoice): Promise<PreviewLine[]> {
  const { base, ours, theirs } = await trial.sides(change);
  const side = (title: string, diff: TextDiff | null): PreviewLine[] => [
    previewLine(title, "warning", 1),
    ...(diff?.hunks.flatMap(changedLines) ?? [previewLine("not text, or too much of it", "dim")]),
  ];
  const hint = previewFact("nothing of it is applied;", "discarding keeps the workspace's");
  if (!base) return [hint, ...side("from the workspace's to the try's", ours)];
  return [hint, ...side("yours, in the workspace", theirs), ...side("the session's, in the try", ours)];
}

/** Both sides are to be seen at once, so without what is the same in both. */
function changedLines({ header, lines, ...hunk }: TryHunk): PreviewLine[] {
  return hunkLines({ ...hunk, header, lines: lines.filter((line) => /^[+-]/.test(line)) });
}

function hunkLines({ header, lines }: TryHunk): PreviewLine[] {
  return [
    previewLine(header, "dim", 1),
    ...lines.map((line) =>
      previewLine(line, line.startsWith("+") ? "diffAdd" : line.startsWith("-") ? "diffRemove" : "text", 1),
    ),
  ];
}
