// Saved sessions by what was said in them: each letter asks anew. Without a word it is the list of the newest.
import type { FoundSession, SessionSummary } from "../../app/app.ts";
import { formatAge } from "../../app/format.ts";
import { previewAnswer } from "../components/picker-preview.ts";
import type { PickerItem } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import { describeSession, forkKey } from "./sessions.ts";
import type { PickerSource } from "./source.ts";

/** Of all there are, while nothing was asked for. */
const NEWEST = 50;
const WHAT = { name: "name", prompt: "prompt", answer: "answer", tool: "output" } as const;

export function searchSource(desk: Desk): PickerSource {
  const { app } = desk;
  const hits = new Map<string, FoundSession>();
  return {
    verb: "opens",
    nothing: "There is no saved session of this directory yet.",
    answers: true,
    items: async ({ all, query, signal }) => {
      hits.clear();
      const current = app.conversation.sessionId;
      // Quotes that were just opened ask for nothing yet.
      if (query.replaceAll('"', "").trim() === "") {
        const newest = (await app.sessions.list({ all })).slice(0, NEWEST);
        return newest.map((session) =>
          itemOf(session, current, `${session.runs} ${session.runs === 1 ? "run" : "runs"}`),
        );
      }
      const found = await app.sessions.search(query, { all, signal });
      for (const hit of found) hits.set(hit.path, hit);
      return found.map((hit) => itemOf(hit, current, `${WHAT[hit.kind]}: ${hit.text}`));
    },
    choose: (path) => desk.command(`/resume ${path}`),
    previewHeight: 7,
    preview: (path) => async () => {
      const hit = hits.get(path);
      const about = describeSession(await app.sessions.peek(path));
      return hit ? [previewAnswer(hit.text, 3), ...about] : about;
    },
    keys: (control) => [
      forkKey(desk, control),
      {
        action: "picker_other",
        label: control.all ? "this project" : "all projects",
        run: () => control.toggleAll(),
      },
    ],
  };
}

function itemOf(session: SessionSummary, current: string, said: string): PickerItem<string> {
  return {
    value: session.path,
    label: (session.name || session.firstPrompt || session.id).trim(),
    detail: `${formatAge(Date.now() - session.modifiedMs)} ago  ${said}`,
    current: session.id === current,
  };
}
