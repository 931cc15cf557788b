// Saved sessions: to resume, to go on with in a copy, to name, to delete.
import type { SessionPeek, SessionSummary } from "../../app/app.ts";
import { formatAge } from "../../app/format.ts";
import { type PreviewLine, previewAnswer, previewFact, previewPrompt } from "../components/picker-preview.ts";
import type { PickerItem } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import { keyNames } from "../keys/key-words.ts";
import type { PickerControl, PickerSource } from "./source.ts";

export function sessionSource(desk: Desk): PickerSource {
  const { app } = desk;
  return {
    verb: "opens",
    nothing: "There is no saved session of this directory yet.",
    items: async ({ all }) => {
      const sessions = await app.sessions.list({ all });
      const current = app.conversation.sessionId;
      return inColumns(sessions.map((session) => sessionRow(session, { all, current })));
    },
    choose: (path) => desk.command(`/resume ${path}`),
    previewHeight: 7,
    preview: (path) => async () => describeSession(await app.sessions.peek(path)),
    keys: (control) => sessionKeys(desk, control),
  };
}

type SourceKey = ReturnType<NonNullable<PickerSource["keys"]>>[number];

function sessionKeys(desk: Desk, control: PickerControl): SourceKey[] {
  const { app } = desk;
  const key = keyNames(desk.bindings);
  const change = (task: Promise<void>): void => desk.attempt(() => task.then(() => control.reload()));
  return [
    forkKey(desk, control),
    {
      action: "picker_rename",
      label: "renames",
      run: (item) => {
        if (!item) return;
        control.ask({
          title: `Name of the session (${key("submit")} keeps it, ${key("interrupt")} goes back)`,
          initial: item.label,
          submit: (name) => {
            if (name.trim() !== "") change(app.sessions.rename(name.trim(), item.value));
          },
        });
      },
    },
    {
      action: "picker_remove",
      label: "deletes",
      run: (item) => {
        if (!item) return;
        control.confirm(
          `${key("confirm_yes")} deletes it for good, any other key keeps it: ${item.label}`,
          () => change(app.sessions.remove(item.value)),
        );
      },
    },
    {
      action: "picker_search",
      label: "searches the texts",
      run: () => {
        const focus = desk.focus();
        const query = focus.kind === "picker" ? focus.picker.query : "";
        control.close();
        desk.apply({ ui: { kind: "picker", picker: "search", query } });
      },
    },
    {
      action: "picker_other",
      label: control.all ? "this project" : "all projects",
      run: () => control.toggleAll(),
    },
  ];
}

type SessionRow = Omit<PickerItem<string>, "detail"> & { age: string; runs: string; rest: string };

function sessionRow(
  session: SessionSummary,
  { all, current }: { all: boolean; current: string },
): SessionRow {
  const runtimes = session.runtimes.join(", ");
  return {
    value: session.path,
    label: (session.name || session.firstPrompt || session.id).trim(),
    age: `${formatAge(Date.now() - session.modifiedMs)} ago`,
    runs: `${session.runs} ${session.runs === 1 ? "run" : "runs"}`,
    rest: all ? `${runtimes}  ${session.cwd}` : runtimes,
    current: session.id === current,
  };
}

/** Ages stand below ages, numbers of runs below each other. */
function inColumns(rows: readonly SessionRow[]): PickerItem<string>[] {
  const widest = (texts: readonly string[]): number =>
    texts.reduce((most, text) => Math.max(most, text.length), 0);
  const age = widest(rows.map((row) => row.age));
  const runs = widest(rows.map((row) => row.runs));
  return rows.map((row) => ({
    value: row.value,
    label: row.label,
    current: row.current,
    detail: `${row.age.padStart(age)}  ${row.runs.padStart(runs)}  ${row.rest}`,
  }));
}

export function describeSession({
  firstPrompt,
  lastPrompt,
  answers,
  files,
  model,
  cwd,
}: SessionPeek): PreviewLine[] {
  const answered = answers.map((text) => previewAnswer(text, 2));
  return [
    ...(firstPrompt === "" ? [] : [previewPrompt(firstPrompt)]),
    ...(lastPrompt === "" || lastPrompt.startsWith(firstPrompt) ? [] : [previewPrompt(lastPrompt)]),
    ...answered.slice(-1),
    ...(files.length === 0 ? [] : [previewFact("files", files.join(", "))]),
    ...answered.slice(0, -1),
    previewFact("with", [model, cwd].filter((part) => part !== "").join("  ")),
  ];
}

/** Goes on in a copy of the session under the cursor. */
export function forkKey(desk: Desk, control: PickerControl): SourceKey {
  return {
    action: "picker_fork",
    label: "forks",
    run: (item) => {
      if (!item) return;
      control.close();
      desk.command(`/fork ${item.value}`);
    },
  };
}
