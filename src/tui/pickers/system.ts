// The system prompt part by part: the preview shows how each begins, Enter puts all of it into the transcript.
import type { App } from "../../app/app.ts";
import { previewLine } from "../components/picker-preview.ts";
import type { Desk } from "../desk.ts";
import type { PickerSource } from "./source.ts";

type Part = Awaited<ReturnType<App["system"]["parts"]>>[number];

const ALL = "";

export function systemSource(desk: Desk): PickerSource {
  const known = new Map<string, Part>();
  return {
    verb: "shows it whole",
    items: async () => {
      const parts = await desk.app.system.parts();
      for (const part of parts) known.set(part.name, part);
      const all = { value: ALL, label: "all of it", detail: `${parts.length} parts`, current: false };
      return [all, ...parts.map(itemOf)];
    },
    choose: (name) => desk.command(`/system show ${name}`.trim()),
    preview: (name) => [
      previewLine(known.get(name)?.text ?? [...known.values()].map(({ text }) => text).join("\n\n")),
    ],
  };
}

function itemOf({ name, text }: Part) {
  const lines = text.split("\n").length;
  return { value: name, label: name, detail: `${lines} ${lines === 1 ? "line" : "lines"}`, current: false };
}
