// Agents that can take the turns of this conversation, with what each can and cannot do.
import type { RuntimeStatus } from "../../app/app.ts";
import { type PreviewLine, previewFact, previewLine } from "../components/picker-preview.ts";
import type { Desk } from "../desk.ts";
import type { PickerSource } from "./source.ts";

type Capabilities = NonNullable<RuntimeStatus["capabilities"]>;

/** Value of the item that forces none. */
const FOLLOW = "";

export function runtimeSource(desk: Desk): PickerSource {
  const runtimes = new Map<string, RuntimeStatus>();
  return {
    items: async () => {
      const status = await desk.app.runtimes.status();
      const enabled = status.runtimes.filter((runtime) => runtime.enabled);
      for (const runtime of enabled) runtimes.set(runtime.name, runtime);
      const items = enabled.map((runtime) => ({
        value: runtime.name,
        label: runtime.name,
        detail: detailOf(runtime),
        current: status.mode === "forced" && runtime.name === status.effective,
      }));
      const isFollowed = status.mode === "config-default";
      return [...items, { value: FOLLOW, label: "as the settings say", detail: "", current: isFollowed }];
    },
    choose: (name) => desk.command(name === FOLLOW ? "/runtime use config" : `/runtime activate ${name}`),
    previewHeight: 6,
    preview: (name) => {
      const runtime = runtimes.get(name);
      return runtime
        ? describeRuntime(runtime)
        : [previewLine("The agent that the settings name takes the turns.")];
    },
  };
}

function detailOf({ name, kind, available, detail }: RuntimeStatus): string {
  if (!available) return `not available: ${detail}`;
  return [kind, detail].filter((part) => part !== "" && part !== name).join("  ");
}

function describeRuntime({ name, available, detail, capabilities }: RuntimeStatus): PreviewLine[] {
  return [
    previewLine(name, "heading"),
    ...(available ? [] : [previewLine(detail, "warning", 2)]),
    ...(capabilities ? abilities(capabilities) : []),
  ];
}

function abilities(capabilities: Capabilities): PreviewLine[] {
  const told = Object.entries(ABILITIES).map(([name, words]) => ({ words, can: canDo(capabilities, name) }));
  const can = told.filter((ability) => ability.can).map(({ words }) => words);
  const cannot = told.filter((ability) => !ability.can).map(({ words }) => words);
  // The shortest first: what it can do is the same for most of them.
  return [
    previewFact("steering", STEERING[capabilities.steer]),
    ...(cannot.length === 0 ? [] : [previewFact("cannot", cannot.join(", "))]),
    previewFact("can", can.join(", "), 3),
  ];
}

function canDo(capabilities: Capabilities, name: string): boolean {
  return Object.entries(capabilities).some(([key, value]) => key === name && value === true);
}

const ABILITIES = {
  tools: "use tools",
  approvals: "ask before it acts",
  streaming: "answer word by word",
  thinking: "show its thinking",
  pause: "pause",
  interrupt: "be interrupted",
  resume: "go on with its own session",
  images: "see images",
  modelChoice: "change its model",
  cost: "tell what it costs",
} as const satisfies Partial<Record<keyof Capabilities, string>>;

const STEERING: Readonly<Record<Capabilities["steer"], string>> = {
  native: "reaches it between its steps",
  next_prompt: "reaches it when its turn is over",
  none: "does not reach it",
};
