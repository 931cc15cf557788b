// However the events of a session come, one by one in pieces of any size, all at once, or from its file, the rows are the
// same. The sessions are real ones: our own loop against the stub, and recorded agents in their own processes.
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { AgentEvent } from "../../../src/protocol/event.ts";
import { prepareTexts, TranscriptFeed } from "../../../src/tui/transcript/feed.ts";
import { driveApp } from "../../e2e/app-driver.ts";
import { prepare } from "../../runtimes/acp/harness.ts";
import { transcriptScript } from "../../support/acp-transcript.ts";
import { newPlace } from "../../support/hearth.ts";
import { withStub } from "../../support/stub.ts";
import { testTheme, testView } from "../theme/test-view.ts";

const RECORDED = "../shared/external-agents/transcripts";
const AGENTS = ["opencode", "gemini", "claude-acp", "qwen", "codex-acp2", "pi-acp"];
const SAMPLER = readFileSync("test/tui/markdown/sampler.md", "utf8");
const theme = testTheme("16");

/** Every piece of text on its way joined with those it goes on with. */
function joined(events: readonly AgentEvent[]): AgentEvent[] {
  const list: AgentEvent[] = [];
  for (const event of events) {
    const last = list.at(-1);
    const text = event.type === "message_update" && "text" in event.delta ? event.delta.text : null;
    if (
      text !== null &&
      event.type === "message_update" &&
      last?.type === "message_update" &&
      last.messageId === event.messageId &&
      last.delta.type === event.delta.type &&
      last.delta.index === event.delta.index &&
      "text" in last.delta
    ) {
      list[list.length - 1] = { ...last, delta: { ...last.delta, text: last.delta.text + text } };
    } else list.push(event);
  }
  return list;
}

/** The same texts in other pieces: `sizes` are taken in turn. */
function cut(events: readonly AgentEvent[], sizes: readonly number[]): AgentEvent[] {
  let next = 0;
  return events.flatMap((event) => {
    if (event.type !== "message_update" || !("text" in event.delta)) return [event];
    const { delta } = event;
    const pieces: AgentEvent[] = [];
    for (let at = 0; at < delta.text.length; ) {
      const size = sizes[next++ % sizes.length] ?? 1;
      pieces.push({ ...event, delta: { ...delta, text: delta.text.slice(at, at + size) } });
      at += size;
    }
    return pieces;
  });
}

/** What a session file keeps: no pieces, no live output. */
function stored(events: readonly AgentEvent[]): AgentEvent[] {
  const onlyLive = new Set<AgentEvent["type"]>(["message_start", "message_update", "tool_update"]);
  return events.filter((event) => !onlyLive.has(event.type));
}

/** Rows that are out when all is over; drawn after every event for which `drawn` says so. */
function rowsOf(events: readonly AgentEvent[], width: number, drawn: (index: number) => boolean): string[] {
  const feed = new TranscriptFeed(() => 0);
  const view = testView(width, { theme });
  const rows: string[] = [];
  for (const [index, event] of events.entries()) {
    feed.apply(event);
    if (!drawn(index)) continue;
    rows.push(...feed.commit(view));
    feed.tail(view);
  }
  rows.push(...feed.commit(view));
  expect(feed.tail(view)).toEqual([]);
  return rows;
}

async function ownSession(): Promise<AgentEvent[]> {
  const place = await newPlace();
  await writeFile(join(place.cwd, "a.ts"), "const old = 1;\n\tlet kept = 2;\n");
  await using stub = await withStub([
    {
      thinking: "They want **all** kinds.\nLet me start.",
      text: "I'll look.\n\n1. one\n2. two",
      toolCalls: [
        { name: "read", arguments: { path: "a.ts" } },
        { name: "read", arguments: { path: "none" } },
      ],
    },
    {
      toolCalls: [
        {
          name: "edit",
          arguments: { path: "a.ts", edits: [{ old_text: "old = 1", new_text: "young = 2" }] },
        },
        { name: "bash", arguments: { command: "echo out; exit 3" } },
        { name: "nosuch", arguments: { x: 1 } },
      ],
    },
    SAMPLER,
    `${"A long paragraph with **strong** words and `code` in it. ".repeat(60)}\n\n${SAMPLER}`,
  ]);
  const driven = await driveApp(place, stub);
  await driven.run("do all of it");
  await driven.app.conversation.shell("echo mine");
  await driven.run("and again");
  return driven.events;
}

async function recordedSession(agent: string): Promise<AgentEvent[]> {
  const script = transcriptScript(readFileSync(`${RECORDED}/${agent}/acp-permission.io.log`, "utf8"));
  const { start } = await prepare(script);
  await using session = await start({ mode: "full" });
  for (let at = 0; at < script.turns.length; at++) await session.ask(`prompt ${at}`);
  return [...session.events];
}

/** Without the recordings beside this repository our own loop alone. */
const sources = [
  { name: "our own loop", open: ownSession },
  ...(existsSync(RECORDED) ? AGENTS : []).map((name) => ({ name, open: () => recordedSession(name) })),
];

const widths = [40, 80, 120];
const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 });
const pauses = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });

it.each(sources)(
  "a session of $name gives the same rows in any pieces, at once, and from its file",
  async ({ open }) => {
    const events = joined(await open());
    await prepareTexts(events);
    for (const width of widths) {
      const once = rowsOf(events, width, () => false);
      expect(once.length).toBeGreaterThan(5);
      expect(rowsOf(stored(events), width, () => true)).toEqual(once);
      fc.assert(
        fc.property(sizes, pauses, (pieces, drawn) => {
          const streamed = cut(events, pieces);
          expect(rowsOf(streamed, width, (index) => drawn[index % drawn.length] ?? true)).toEqual(once);
        }),
        { numRuns: 6 },
      );
    }
  },
);
