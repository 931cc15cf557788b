// What may run without asking: the modes to choose from, then the rules in force with where each comes from.
import type { App } from "../../app/app.ts";
import { abbreviateHome } from "../../lib/paths.ts";
import { PermissionMode } from "../../protocol/approval.ts";
import { type PreviewLine, previewFact, previewLine } from "../components/picker-preview.ts";
import type { PickerItem } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import type { PickerControl, PickerSource } from "./source.ts";

type Rule = ReturnType<App["permissions"]["rules"]>[number];

export function permissionSource(desk: Desk): PickerSource {
  const { app } = desk;
  let rules: Rule[] = [];
  const modeOf = (value: string) => PermissionMode.options.find((mode) => value === mode);
  const ruleOf = (value: string) => rules[Number(value.slice(RULE.length))];
  return {
    items: () => {
      rules = app.permissions.rules();
      return Promise.resolve([...modeItems(app.permissions.mode()), ...rules.map(ruleItem)]);
    },
    choose: (value) => {
      const mode = modeOf(value);
      const rule = ruleOf(value);
      if (mode) desk.command(`/permissions ${mode}`);
      else if (rule) desk.say(`A rule is changed where it stands: ${placeOf(rule, app)}.`);
    },
    previewHeight: 5,
    preview: (value) => {
      const mode = modeOf(value);
      if (mode) return describeMode(mode);
      const rule = ruleOf(value);
      return rule ? describeRule(rule, app) : [];
    },
    keys: (control) =>
      rules.length === 0
        ? []
        : [
            {
              action: "picker_remove",
              label: "removes a rule",
              run: (item) => removeRule(desk, control, ruleOf(item?.value ?? "")),
            },
          ],
  };
}

/** After a yes, in one line. */
function removeRule(desk: Desk, control: PickerControl, rule: Rule | undefined): void {
  const { app } = desk;
  if (rule === undefined) {
    desk.say("A mode is no rule: choose another one.");
    return;
  }
  const name = `${rule.kind} ${rule.text}`;
  if (rule.file === null) {
    desk.say(`${name} stands in no file: it comes from ${rule.source}.`);
    return;
  }
  control.confirm(`y takes it out of ${rule.source}, any other key keeps it: ${name}`, () =>
    desk.attempt(async () => {
      await app.permissions.removeRule(rule);
      control.reload();
      desk.say(`Removed from ${placeOf(rule, app)}: ${name}`);
    }),
  );
}

const RULE = "rule:";

function modeItems(current: PermissionMode): PickerItem<string>[] {
  return PermissionMode.options.map((mode) => ({
    value: mode,
    label: mode,
    detail: MODES[mode].short,
    current: mode === current,
  }));
}

function ruleItem({ kind, text, source }: Rule, index: number): PickerItem<string> {
  return { value: `${RULE}${index}`, label: `${kind} ${text}`, detail: `rule of ${source}`, current: false };
}

function describeMode(mode: PermissionMode): PreviewLine[] {
  const { runs, asks, never } = MODES[mode];
  return [
    previewLine(mode, "heading"),
    previewFact("runs", runs),
    previewFact("asks", asks),
    ...(never === "" ? [] : [previewFact("refused", never)]),
    previewLine("Rules come first: deny before ask before allow.", "dim"),
  ];
}

function describeRule(rule: Rule, app: App): PreviewLine[] {
  return [
    previewLine(`${rule.kind} ${rule.text}`, KINDS[rule.kind].token),
    previewLine(KINDS[rule.kind].words),
    previewFact("stands in", placeOf(rule, app)),
  ];
}

/** The file it stands in; else where it comes from. */
function placeOf({ source, file }: Rule, { paths }: App): string {
  return file === null ? source : abbreviateHome(file, paths.home);
}

const KINDS = {
  allow: { token: "ok", words: "What matches runs without asking." },
  ask: { token: "warning", words: "What matches asks, also in a mode that would not; full never asks." },
  deny: { token: "error", words: "What matches is refused, whatever else allows it." },
} as const;

const MODES: Readonly<Record<PermissionMode, { short: string; runs: string; asks: string; never: string }>> =
  {
    ask: {
      short: "reading runs, everything else asks",
      runs: "reading and searching files, commands that only read",
      asks: "edits, all other commands",
      never: "",
    },
    "accept-edits": {
      short: "edits run, commands ask",
      runs: "reading, edits of files in this project",
      asks: "commands, edits elsewhere and of files that steer other programs",
      never: "",
    },
    plan: {
      short: "nothing that changes anything",
      runs: "reading and searching files",
      asks: "nothing",
      never: "edits and commands that could change anything",
    },
    auto: {
      short: "what runs inside a sandbox does not ask",
      runs: "edits in this project, commands inside a sandbox",
      asks: "what leaves the sandbox or the project",
      never: "",
    },
    full: { short: "nothing asks", runs: "everything that no rule denies", asks: "nothing", never: "" },
  };
