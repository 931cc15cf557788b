// What may run without asking: the modes to choose from, then the rules in force with where each comes from.
import type { App } from "../../app/app.ts";
import { PermissionMode } from "../../protocol/approval.ts";
import { type PreviewLine, previewFact, previewLine } from "../components/picker-preview.ts";
import type { PickerItem } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import type { PickerSource } from "./source.ts";

type Rule = ReturnType<App["permissions"]["rules"]>[number];

export function permissionSource(desk: Desk): PickerSource {
  const { app } = desk;
  const rules = app.permissions.rules();
  const modeOf = (value: string) => PermissionMode.options.find((mode) => value === mode);
  const ruleOf = (value: string) => rules[Number(value.slice(RULE.length))];
  return {
    items: () => Promise.resolve([...modeItems(app.permissions.mode()), ...rules.map(ruleItem)]),
    choose: (value) => {
      const mode = modeOf(value);
      const rule = ruleOf(value);
      if (mode) desk.command(`/permissions ${mode}`);
      else if (rule) desk.say(`A rule is changed where it stands: ${placeOf(rule, app)}`);
    },
    previewHeight: 5,
    preview: (value) => {
      const mode = modeOf(value);
      if (mode) return describeMode(mode);
      const rule = ruleOf(value);
      return rule ? describeRule(rule, app) : [];
    },
  };
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

/** Sources as the app names them. */
function placeOf({ source }: Rule, { paths, cwd }: App): string {
  switch (source) {
    case "your settings":
      return paths.settingsFile;
    case "your answers":
      return paths.permissionsFile;
    case "the project's settings":
      return `${cwd}/.hearth/settings.json`;
    default:
      return source;
  }
}

const KINDS = {
  allow: { token: "ok", words: "What matches runs without asking." },
  ask: { token: "warning", words: "What matches asks, also in a mode that would not." },
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
