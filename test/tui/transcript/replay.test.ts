// A session file that is opened again shows the rows of the live run: recorded by the real app, read back by a second.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import type { AgentEvent } from "../../../src/protocol/event.ts";
import type { ScriptInput } from "../../../src/server/stub/script.ts";
import { prepareTexts, TranscriptFeed } from "../../../src/tui/transcript/feed.ts";
import { driveApp } from "../../e2e/app-driver.ts";
import { answerer } from "../../support/answerer.ts";
import { newPlace } from "../../support/hearth.ts";
import { withStub } from "../../support/stub.ts";
import { testView } from "../theme/test-view.ts";

/** Rows as the screen takes them: what is final after each event. */
async function rowsOf(events: readonly AgentEvent[], width: number): Promise<string[]> {
  await prepareTexts(events);
  const feed = new TranscriptFeed(() => 0);
  return events.flatMap((event) => {
    feed.apply(event);
    return feed.commit(testView(width));
  });
}

const call = (name: string, args: Record<string, unknown>) => ({ name, arguments: args });

const SCRIPT: ScriptInput = [
  {
    thinking: "They want **all** kinds of things.\nLet me start.",
    text: "I'll look first.\n\n1. one\n2. two",
    toolCalls: [
      call("read", { path: "a.txt" }),
      call("grep", { pattern: "old" }),
      call("read", { path: "none.txt" }),
    ],
  },
  {
    toolCalls: [
      call("edit", { path: "a.txt", edits: [{ old_text: "old", new_text: "new" }] }),
      call("write", { path: "b.txt", content: "fresh\n" }),
      call("bash", { command: "echo out; echo err >&2; exit 3" }),
      call("bash", { command: "echo denied" }),
      call("nosuch", { x: 1 }),
      call("todo", { items: [{ text: "first", status: "completed" }] }),
    ],
    chunkSize: 7,
  },
  { text: "# Done\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```ts\nconst a = 1;\n```\n\nThe end.", chunkSize: 5 },
  "second answer",
];

test.for([40, 80, 120])("replayed events give the rows of the live run at %d columns", async (width) => {
  const place = await newPlace();
  await writeFile(join(place.cwd, "a.txt"), "old line\n");
  await using stub = await withStub(SCRIPT);
  const first = await driveApp(place, stub, { flags: { deny: ["bash(echo denied)"] } });
  await first.run("do all of it");
  await first.app.conversation.shell("echo mine");
  await first.run("and again");
  const live = await rowsOf(first.events, width);
  await first.app.close();
  const second = await driveApp(place, stub, { session: { kind: "continue" } });
  const replayed = await rowsOf(await second.app.conversation.replay({ lastRuns: 20 }), width);
  expect(replayed).toEqual(live);
  expect(live.length).toBeGreaterThan(40);
});

test("a turn that changed hands is shown again as it was, each answer under its speaker's name", async () => {
  const place = await newPlace();
  const { command, args } = answerer(place.home, [{ say: ["Half an"], exit: 1 }, { say: ["Whole."] }]);
  const tiny = { kind: "command", command, args };
  await mkdir(place.env.HEARTH_HOME ?? "");
  await writeFile(
    join(place.env.HEARTH_HOME ?? "", "settings.json"),
    JSON.stringify({ runtime: "tiny", runtimes: { tiny } }),
  );
  await using stub = await withStub(["from the model"]);
  const first = await driveApp(place, stub);
  await first.run("who are you?");
  await first.run("and now?");
  const live = await rowsOf(first.events, 80);
  await first.app.close();
  const second = await driveApp(place, stub, { session: { kind: "continue" } });
  const replayed = await rowsOf(await second.app.conversation.replay({ lastRuns: 20 }), 80);
  // The banner of the start comes before anybody listens.
  expect(replayed.slice(replayed.indexOf(live[0] ?? ""))).toEqual(live);
  const names = live
    .map((row) => stripVTControlCharacters(row).trim())
    .filter((row) => /^(?:tiny|native)$/.test(row));
  expect(names).toEqual(["tiny", "native", "tiny"]);
});
