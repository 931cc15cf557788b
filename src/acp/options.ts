// What a client may choose in a session: permission mode, model, thinking, and the agent that takes the turns.
import type { App } from "../app/app.ts";
import { listModels } from "../app/commands/model.ts";
import { AppError } from "../lib/app-error.ts";
import { PermissionMode } from "../protocol/approval.ts";
import { type Model, ThinkingLevel } from "../protocol/model.ts";
import type { SessionConfigOption, SessionModeState } from "./wire.ts";

const MODES: Readonly<Record<PermissionMode, { name: string; description: string }>> = {
  ask: { name: "Ask", description: "Reading runs, everything else asks" },
  "accept-edits": { name: "Accept edits", description: "Edits in the workspace run, commands ask" },
  plan: { name: "Plan", description: "Nothing that changes anything" },
  auto: { name: "Auto", description: "What only reads, or runs inside a sandbox, does not ask" },
  full: { name: "Full", description: "Nothing asks" },
};

const LEVELS: Readonly<Record<ThinkingLevel, string>> = {
  off: "Off",
  minimal: "Minimal",
  low: "Low",
  medium: "Medium",
  high: "High",
  max: "Max",
};

/** Native is Hearth's own agent. */
const NATIVE = "native";

/** For clients that know modes and no options. */
export function modeState(app: App): SessionModeState {
  const availableModes = PermissionMode.options.map((id) => ({ id, ...MODES[id] }));
  return { currentModeId: app.permissions.mode(), availableModes };
}

/** Those that mean something now: an external agent has a model of its own, of which only it knows. */
export async function configOptions(app: App): Promise<SessionConfigOption[]> {
  const { runtime } = app.conversation.state();
  const own = runtime === NATIVE ? [...(await modelOption(app)), ...thinkingOption(app)] : [];
  return [modeOption(app), ...own, ...agentOption(app)];
}

/** Throws AppErrors of what was chosen; the choice is this session's alone. */
export async function setOption(app: App, id: string, value: unknown): Promise<void> {
  if (typeof value !== "string") throw new AppError("acp.option", `The option ${id} takes a text.`);
  switch (id) {
    case "mode":
      await setMode(app, value);
      return;
    case "model":
      await app.models.choose(value, { keep: false });
      return;
    case "thinking": {
      const level = ThinkingLevel.safeParse(value);
      if (!level.success) throw new AppError("thinking.unknown", `"${value}" is no thinking level.`);
      await app.models.setThinking(level.data, { keep: false });
      return;
    }
    case "agent":
      await app.runtimes.activate(value, { keep: false });
      return;
  }
  throw new AppError("acp.option", `There is no option ${id}.`, {
    hint: "There are: mode, model, thinking, agent.",
  });
}

export async function setMode(app: App, value: string): Promise<void> {
  const mode = PermissionMode.safeParse(value);
  if (!mode.success) {
    throw new AppError("permissions.mode", `"${value}" is no permission mode.`, {
      hint: `Known: ${PermissionMode.options.join(", ")}.`,
    });
  }
  await app.permissions.setMode(mode.data);
}

function modeOption(app: App): SessionConfigOption {
  return {
    type: "select",
    id: "mode",
    name: "Permissions",
    description: "What may run without asking",
    category: "mode",
    currentValue: app.permissions.mode(),
    options: PermissionMode.options.map((value) => ({ value, ...MODES[value] })),
  };
}

async function modelOption(app: App): Promise<SessionConfigOption[]> {
  const current = app.models.current();
  const models = await listModels(app);
  const known = models.some((model) => current !== null && nameOf(model) === nameOf(current));
  const all = current === null || known ? models : [current, ...models];
  if (current === null || all.length === 0) return [];
  return [
    {
      type: "select",
      id: "model",
      name: "Model",
      category: "model",
      currentValue: nameOf(current),
      options: all.map((model) => ({ value: nameOf(model), name: model.name, description: model.vendor })),
    },
  ];
}

function thinkingOption(app: App): SessionConfigOption[] {
  const levels = new Set<ThinkingLevel>(["off", ...(app.models.current()?.thinking ?? [])]);
  const { thinking } = app.conversation.state();
  if (levels.size < 2) return [];
  return [
    {
      type: "select",
      id: "thinking",
      name: "Thinking",
      category: "thought_level",
      currentValue: thinking,
      options: [...levels.add(thinking)].map((value) => ({ value, name: LEVELS[value] })),
    },
  ];
}

/** Only where there is a choice. */
function agentOption(app: App): SessionConfigOption[] {
  const declared = Object.entries(app.settings.runtimes ?? {});
  const enabled = declared.filter(([, { enabled }]) => enabled !== false).map(([name]) => name);
  if (enabled.length === 0) return [];
  return [
    {
      type: "select",
      id: "agent",
      name: "Agent",
      description: "Who takes the turns of this conversation",
      category: "_agent",
      currentValue: app.conversation.state().runtime,
      options: [
        { value: NATIVE, name: "Hearth", description: "Hearth's own agent" },
        ...enabled.map((name) => ({ value: name, name })),
      ],
    },
  ];
}

function nameOf({ vendor, id }: Model): string {
  return `${vendor}/${id}`;
}
