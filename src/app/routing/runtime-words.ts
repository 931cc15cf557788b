// What a runtime can and cannot do, in a person's words. Pure.
import type { RuntimeCapabilities } from "../../runtimes/runtime.ts";

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
} as const satisfies Partial<Record<keyof RuntimeCapabilities, string>>;

const STEERING: Readonly<Record<RuntimeCapabilities["steer"], string>> = {
  native: "reaches it between its steps",
  next_prompt: "reaches it when its turn is over",
  none: "does not reach it",
};

/** `can` and `cannot` are lists of verbs; `steering` ends a sentence that begins with that word. */
export function abilitiesOf(capabilities: RuntimeCapabilities): {
  can: string[];
  cannot: string[];
  steering: string;
} {
  const told = Object.entries(ABILITIES).map(([name, words]) => ({ words, can: canDo(capabilities, name) }));
  return {
    can: told.filter(({ can }) => can).map(({ words }) => words),
    cannot: told.filter(({ can }) => !can).map(({ words }) => words),
    steering: STEERING[capabilities.steer],
  };
}

function canDo(capabilities: RuntimeCapabilities, name: string): boolean {
  return Object.entries(capabilities).some(([key, value]) => key === name && value === true);
}
