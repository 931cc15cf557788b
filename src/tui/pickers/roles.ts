// The roles there are, and none; the preview is what a role brings and what it tells the model.
import type { App } from "../../app/app.ts";
import { type PreviewLine, previewFact, previewLine } from "../components/picker-preview.ts";
import type { Desk } from "../desk.ts";
import type { PickerSource } from "./source.ts";

type Role = Awaited<ReturnType<App["roles"]["list"]>>["roles"][number];

const NONE = "none";

export function roleSource(desk: Desk): PickerSource {
  const { app } = desk;
  const known = new Map<string, Role>();
  return {
    verb: "takes it on",
    nothing: `There are no roles. A role is a file: ${app.paths.configDir}/roles/NAME.md`,
    items: async () => {
      const { roles, problems } = await app.roles.list();
      const [problem] = problems;
      if (problem !== undefined) desk.say(problem);
      for (const role of roles) known.set(role.name, role);
      if (roles.length === 0) return [];
      const { role: current } = app.conversation.state();
      const items = roles.map(({ name, description, source }) => ({
        value: name,
        label: name,
        detail: description,
        aside: source === "project" ? "this project's" : "",
        current: name === current,
      }));
      return [...items, { value: NONE, label: NONE, detail: "no role", current: current === "" }];
    },
    choose: (name) => desk.command(`/role ${name}`),
    preview: (name) => {
      const role = known.get(name);
      return role === undefined ? [previewLine("The model works without a role.", "dim")] : describe(role);
    },
  };
}

function describe({ name, path, model, thinking, tools, mode, text }: Role): PreviewLine[] {
  return [
    previewLine(name, "heading"),
    ...(model === undefined ? [] : [previewFact("model", model)]),
    ...(thinking === undefined ? [] : [previewFact("thinking", thinking)]),
    ...(mode === undefined ? [] : [previewFact("mode", `${mode}, where that is stricter`)]),
    ...(tools === undefined ? [] : [previewFact("tools", tools.join(", ") || "none")]),
    previewFact("file", path),
    previewLine(text),
  ];
}
