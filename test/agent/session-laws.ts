// The laws of a session, checked on everything that one emitted.
import { expect } from "vitest";
import type { QueueItem } from "../../src/protocol/control.ts";
import type { AgentEvent } from "../../src/protocol/event.ts";
import type { Message } from "../../src/protocol/message.ts";
import { ofType } from "../support/events.ts";
import { stateOf } from "./harness.ts";

/** What was called outside: a model request or a tool, with the state then, and whether a pause was in force. */
export type External = { state: string; paused: boolean; messages?: readonly Message[] };

/** What a request to move calls to the background met: which could go, whether any ran, and whether it was refused. */
export type Moving = { executing: readonly string[]; anyOpen: boolean; refused: boolean };

/** Result of a call that went to the background. */
export const MOVED = "moved";

/** `sent`: ids of texts in the order in which they were sent; `removed`: those that were taken out of the queue. */
export type Played = {
  events: readonly AgentEvent[];
  sent: readonly string[];
  removed: ReadonlySet<string>;
  external: readonly External[];
  moving: readonly Moving[];
};

/** Throws when one does not hold. */
export function checkLaws(played: Played): void {
  checkTexts(played);
  checkRuns(played.events);
  checkCalls(played.events);
  checkPairs(played.events);
  checkStates(played.events);
  checkSettled(played.events);
  checkSettledOnce(played.events);
  checkQueue(played.events);
  checkBackground(played);
  checkExternal(played.external);
}

export function openApprovals(events: readonly AgentEvent[]): string[] {
  const resolved = new Set(ofType(events, "approval_resolved").map((event) => event.requestId));
  return ofType(events, "approval_request")
    .map((event) => event.request.id)
    .filter((id) => !resolved.has(id));
}

export function hasLeft(events: readonly AgentEvent[]): boolean {
  return ofType(events, "settled").some((event) => event.exit);
}

function checkTexts({ events, sent, removed }: Played): void {
  const delivered = ofType(events, "message_end").filter(
    ({ message }) => message.role === "user" && message.source !== "notice",
  );
  const last = ofType(events, "queue_changed").at(-1)?.items ?? [];
  const waiting = last.filter((item) => item.state === "pending").map((item) => item.id);
  const left = hasLeft(events);
  for (const id of sent) {
    const times = delivered.filter((event) => event.messageId === id).length;
    const ends = [times > 0, removed.has(id), left && waiting.includes(id)].filter(Boolean).length;
    expect({ id, times, ends }).toEqual({ id, times: Math.min(times, 1), ends: 1 });
  }
  expect(new Set(delivered.map((event) => event.messageId)).size).toBe(delivered.length);
}

function checkRuns(events: readonly AgentEvent[]): void {
  const marks = events.filter((event) => event.type === "run_start" || event.type === "run_end");
  for (const [index, event] of marks.entries()) {
    expect(event.type).toBe(index % 2 === 0 ? "run_start" : "run_end");
    if (index % 2 === 1) expect(event.runId).toBe(marks[index - 1]?.runId);
  }
  expect(marks.length % 2).toBe(0);
}

function checkCalls(events: readonly AgentEvent[]): void {
  let open: string[] = [];
  for (const { message } of ofType(events, "message_end")) {
    if (message.role === "tool_result") {
      expect(message.toolCallId).toBe(open.shift());
      continue;
    }
    expect(open).toEqual([]);
    if (message.role === "assistant") {
      open = message.content.flatMap((part) => (part.type === "tool_call" ? [part.id] : []));
    }
  }
  expect(open).toEqual([]);
  const starts = ofType(events, "tool_start").map((event) => event.toolCallId);
  const ends = ofType(events, "tool_end").map((event) => event.toolCallId);
  expect(starts.toSorted()).toEqual(ends.toSorted());
  expect(new Set(starts).size).toBe(starts.length);
}

function checkPairs(events: readonly AgentEvent[]): void {
  const started = ofType(events, "message_start").map((event) => event.messageId);
  const ended = ofType(events, "message_end").filter(({ message }) => message.role === "assistant");
  expect(ended.map((event) => event.messageId)).toEqual(started);
  expect(ofType(events, "step_start").map((event) => event.step)).toEqual(
    ofType(events, "step_end").map((event) => event.step),
  );
  expect(openApprovals(events)).toEqual([]);
  expect(ofType(events, "compaction_start")).toHaveLength(ofType(events, "compaction_end").length);
}

function checkStates(events: readonly AgentEvent[]): void {
  let state = "idle";
  for (const { from, to } of ofType(events, "state_changed")) {
    expect(from).toBe(state);
    expect(to).not.toBe(from);
    state = to;
  }
}

/** settled: no run is open and no text waits (except when leaving). */
function checkSettled(events: readonly AgentEvent[]): void {
  let runs = 0;
  let texts = 0;
  for (const event of events) {
    if (event.type === "run_start") runs += 1;
    if (event.type === "run_end") runs -= 1;
    if (event.type === "queue_changed") texts = event.items.filter(isWaitingText).length;
    if (event.type === "settled") expect([runs, event.exit ? 0 : texts]).toEqual([0, 0]);
  }
}

function isWaitingText({ kind, state }: QueueItem): boolean {
  return state === "pending" && kind !== "pause" && kind !== "exit";
}

/** After whatever happened, settled comes, and never twice for nothing. */
function checkSettledOnce(events: readonly AgentEvent[]): void {
  const types = events.map((event) => event.type).filter((type) => type !== "state_changed");
  const last = types.findLast((type) => type !== "queue_changed" && type !== "notice");
  if (last) expect(last).toBe("settled");
  const twice = types.findIndex((type, index) => type === "settled" && types[index - 1] === "settled");
  if (twice >= 0) expect([hasLeft(events), twice]).toEqual([true, types.length - 1]);
  expect(hasLeft(events) ? ["idle", "paused"] : ["idle"]).toContain(stateOf(events));
}

function checkQueue(events: readonly AgentEvent[]): void {
  const done = new Set<string>();
  for (const { items } of ofType(events, "queue_changed")) {
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    for (const item of items) expect(done.has(item.id)).toBe(false);
    for (const item of items) if (item.state !== "pending") done.add(item.id);
  }
  const returned = ofType(events, "queue_returned").flatMap((event) => event.items.map(({ id }) => id));
  expect(new Set(returned).size).toBe(returned.length);
}

/** A call goes to the background only when it can and was asked to; a request that moves nothing is refused. */
function checkBackground({ events, moving }: Played): void {
  for (const { executing, anyOpen, refused } of moving) {
    if (executing.length > 0) expect(refused).toBe(false);
    if (!anyOpen) expect(refused).toBe(true);
  }
  const asked = new Set(moving.flatMap(({ executing }) => executing));
  const offered = ofType(events, "tool_start").filter((event) => event.backgroundable);
  const moved = ofType(events, "tool_end").filter(
    ({ content: [part] }) => part?.type === "text" && part.text === MOVED,
  );
  for (const { toolCallId, isError } of moved) {
    expect([asked.has(toolCallId), isError]).toEqual([true, false]);
    expect(offered.map((event) => event.toolCallId)).toContain(toolCallId);
  }
}

/** Nothing external starts while paused or idle; every request is one a service would accept. */
function checkExternal(external: readonly External[]): void {
  for (const { state, paused, messages } of external) {
    expect(paused).toBe(false);
    expect(["streaming", "running_tools", "compacting", "awaiting_approval"]).toContain(state);
    if (!messages) continue;
    let open: string[] = [];
    for (const message of messages) {
      if (message.role === "tool_result") expect(message.toolCallId).toBe(open.shift());
      else expect(open).toEqual([]);
      if (message.role === "assistant") {
        expect(message.content.length).toBeGreaterThan(0);
        open = message.content.flatMap((part) => (part.type === "tool_call" ? [part.id] : []));
      }
    }
    expect(open).toEqual([]);
  }
}
