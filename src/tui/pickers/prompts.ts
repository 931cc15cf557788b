// Earlier prompts of this project, the newest first. The chosen one replaces the text in the input; undo brings it back.
import { previewLine } from "../components/picker-preview.ts";
import type { Desk } from "../desk.ts";
import type { PickerSource } from "./source.ts";

/** A row shows the beginning; the whole stands in the preview. */
const LABEL_LENGTH = 400;

export function promptSource({ composer }: Desk): PickerSource {
  const prompts = [...new Set(composer.state().history.prompts.toReversed())];
  return {
    verb: "writes it into the input",
    nothing: "There are no earlier prompts of this project yet.",
    items: () =>
      Promise.resolve(
        prompts.map((prompt, index) => ({
          value: `${index}`,
          label: prompt.trim().slice(0, LABEL_LENGTH),
          detail: "",
          current: false,
        })),
      ),
    choose: (value) => composer.setText(prompts[Number(value)] ?? ""),
    preview: (value) => [previewLine(prompts[Number(value)] ?? "")],
  };
}
