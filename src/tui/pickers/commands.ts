// The palette: every slash command, and what keys do that have no command. Enter runs it, Tab writes it into the input.
import type { App } from "../../app/app.ts";
import type { Command } from "../../app/commands/command.ts";
import { COMMANDS } from "../../app/commands/table.ts";
import { type PreviewLine, previewFact, previewLine } from "../components/picker-preview.ts";
import type { PickerItem } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import { keyLabel } from "../keys/keybindings.ts";
import { KEY_ACTIONS, type KeyAction } from "../keys/keys.ts";
import type { PickerSource } from "./source.ts";

type Template = Awaited<ReturnType<App["templates"]["list"]>>[number];

export function commandSource(desk: Desk): PickerSource {
  const write = ({ name }: { name: string }): void => desk.composer.restore([`/${name} `]);
  const templates = new Map<string, Template>();
  const named = (value: string) => findCommand(value) ?? templates.get(value);
  return {
    verb: "runs it",
    items: async () => {
      for (const template of await desk.app.templates.list()) templates.set(`/${template.name}`, template);
      return [...commandItems(desk), ...[...templates.values()].map(templateItem), ...actionItems(desk)];
    },
    choose: (value) => {
      const template = templates.get(value);
      if (template) {
        if (template.argumentHint === "") desk.command(value);
        else write(template);
        return;
      }
      const command = findCommand(value);
      const action = findAction(value);
      if (command && needsText(command)) write(command);
      else if (command) desk.command(`/${command.name}`);
      else if (action) desk.onAction(action);
    },
    previewHeight: 3,
    preview: (value) => {
      const command = findCommand(value);
      const template = templates.get(value);
      if (template) return describeTemplate(template);
      return command ? describeCommand(command) : describeAction(value, desk);
    },
    keys: (control) => [
      {
        action: "picker_other",
        label: "into the input",
        run: (item) => {
          const command = named(item?.value ?? "");
          if (!command) return;
          control.close();
          write(command);
        },
      },
    ],
  };
}

/** Keys that do what a command does. */
const KEYS: Readonly<Record<string, KeyAction>> = {
  queue: "queue_edit",
  prompts: "search_history",
  permissions: "cycle_mode",
  stop: "interrupt",
  exit: "leave_if_empty",
  followup: "follow_up",
};

/** Keys without a command that a person may look for by what they do. */
const ACTIONS = KEY_ACTIONS.filter(
  ({ action, where }) =>
    action === "external_editor" ||
    (where === "everywhere" && !["interrupt", "clear_or_leave", "palette"].includes(action)),
);

function commandItems({ bindings }: Desk): PickerItem<string>[] {
  return COMMANDS.filter(({ name }) => name !== "palette").map((command) => {
    const key = KEYS[command.name];
    return {
      value: `/${command.name}`,
      label: `/${command.name}`,
      detail: command.summary,
      current: false,
      aside: key === undefined ? "" : keyLabel(key, bindings),
    };
  });
}

function templateItem({ name, description, source }: Template): PickerItem<string> {
  const aside = source === "project" ? "this project's" : "your own";
  return { value: `/${name}`, label: `/${name}`, detail: description, current: false, aside };
}

function describeTemplate({ name, argumentHint, description, path }: Template): PreviewLine[] {
  return [
    previewLine(`/${name} ${argumentHint}`.trim(), "heading"),
    previewLine(description, "text", 1),
    previewFact("prompt of", path),
  ];
}

function actionItems({ bindings }: Desk): PickerItem<string>[] {
  return ACTIONS.map(({ action, summary }) => ({
    value: action,
    label: action.replaceAll("_", " "),
    detail: summary,
    current: false,
    aside: keyLabel(action, bindings),
  }));
}

function findCommand(value: string): Command | undefined {
  return COMMANDS.find(({ name }) => value === `/${name}`);
}

function findAction(value: string): KeyAction | undefined {
  return ACTIONS.find(({ action }) => action === value)?.action;
}

/** What stands in brackets may be left out. */
function needsText({ usage }: Command): boolean {
  return usage !== undefined && !usage.startsWith("[");
}

function describeCommand({ name, usage, summary, aliases = [], whileBusy }: Command): PreviewLine[] {
  return [
    previewLine(`/${name}${usage === undefined ? "" : ` ${usage}`}`, "heading"),
    previewLine(summary),
    previewFact("while the agent works", WHILE_BUSY[whileBusy]),
    ...(aliases.length === 0 ? [] : [previewFact("also", aliases.map((alias) => `/${alias}`).join(", "))]),
  ];
}

function describeAction(value: string, { bindings }: Desk): PreviewLine[] {
  const entry = ACTIONS.find(({ action }) => action === value);
  if (!entry) return [];
  return [
    previewLine(entry.summary, "heading"),
    previewFact("key", keyLabel(entry.action, bindings) || "none"),
    previewFact("in keybindings.json", entry.action),
  ];
}

const WHILE_BUSY: Readonly<Record<Command["whileBusy"], string>> = {
  now: "it runs at once",
  queue: "it runs when the work is done",
  refuse: "it is refused",
};
