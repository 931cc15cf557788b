// Agents that can take the turns of this conversation, with what each can and cannot do.
import type { RuntimeStatus } from "../../app/app.ts";
import { abilitiesOf } from "../../app/routing/runtime-words.ts";
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
    previewHeight: 9,
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

function describeRuntime({ name, available, ...runtime }: RuntimeStatus): PreviewLine[] {
  const { detail, hint, version, login, limits, capabilities } = runtime;
  const missing = [detail, hint].filter((part) => part !== "").join(". ");
  return [
    previewLine([name, version].filter((part) => part !== "").join(" "), "heading"),
    ...(available ? [] : [previewLine(missing, "warning", 3)]),
    ...(login?.ok === false ? [previewLine(`not logged in. ${login.hint ?? ""}`.trim(), "warning", 3)] : []),
    ...(limits.length === 0 ? [] : [previewFact("note", limits.join(" "), 3)]),
    ...(capabilities ? abilities(capabilities) : []),
  ];
}

function abilities(capabilities: Capabilities): PreviewLine[] {
  const { can, cannot, steering } = abilitiesOf(capabilities);
  // The shortest first: what it can do is the same for most of them.
  return [
    previewFact("steering", steering),
    ...(cannot.length === 0 ? [] : [previewFact("cannot", cannot.join(", "))]),
    previewFact("can", can.join(", "), 3),
  ];
}
