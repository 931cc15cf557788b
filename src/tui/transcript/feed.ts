// The feed: events in, rows out. Rows that are final are given once, in order; the rest is the live tail. A replay
// of a saved session goes through the same door, so it gives the same screen.
import type { ToolItem, TranscriptItem } from "../../app/transcript-item.ts";
import type { AgentEvent } from "../../protocol/event.ts";
import type { AssistantMessage, Message } from "../../protocol/message.ts";
import { loadWordDiff, requestWordDiff, wordDiffLoading } from "../diff/word-diff.ts";
import { loadMarkdown } from "../markdown/render-markdown.ts";
import type { ItemView } from "./item-view.ts";
import { OpenMessage } from "./open-message.ts";
import { remarkOf, userItem, wasShown } from "./remark.ts";
import { needsRowBetween } from "./render-item.ts";
import {
  finalRows,
  type ItemSegment,
  itemSegment,
  kindOf,
  liveRows,
  type Segment,
  waitsFor,
} from "./segment.ts";
import { endedTool, extendedTool, hasDiff, startedTool } from "./tool-item.ts";

/** Loads what rows need; await it before a replay is rendered, or its markdown is shown plain. */
export async function prepareTexts(events: readonly AgentEvent[]): Promise<void> {
  const texts = events.flatMap((event) =>
    event.type === "message_end" && event.message.role === "assistant" ? textsOf(event.message) : [],
  );
  const diffs = events.some((event) => event.type === "tool_end" && hasDiff(event.details));
  await Promise.all([loadMarkdown(texts.join("\n")), diffs ? loadWordDiff() : undefined]);
}

export class TranscriptFeed {
  readonly #now: () => number;
  #segments: Segment[] = [];
  /** Kind of the item whose rows are out last. */
  #previous: TranscriptItem["kind"] | null = null;
  #open: OpenMessage | null = null;
  #speaker = "";
  /** Who was named last; one name stands for all that its agent says in a run. */
  #named = "";
  #waitsFor: ReturnType<typeof waitsFor> = null;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Shows an item that no event made: the output of a command, a notice of the screen's own. */
  add(item: TranscriptItem): void {
    this.#segments.push(itemSegment(item, true));
  }

  apply(event: AgentEvent): void {
    switch (event.type) {
      case "run_start":
        this.#speaker = event.runtime === "native" ? "" : event.runtime;
        this.#named = "";
        break;
      case "message_start":
        this.#dropHidden();
        this.#speaker = event.runtime ?? this.#speaker;
        this.#open = new OpenMessage(event.messageId, () => this.#introduce(this.#speaker), this.#now);
        break;
      case "message_update": {
        const begun = this.#open?.id === event.messageId ? this.#open.extend(event.delta) : null;
        if (begun) this.#segments.push(begun);
        break;
      }
      case "message_reset":
        this.#resetMessage();
        break;
      case "message_end":
        this.#endMessage(event.messageId, event.message);
        break;
      default:
        this.#applyOther(event);
    }
  }

  /** Rows that are final now. Call it before `tail`. `wait` false gives what is loaded later as it is. */
  commit(view: ItemView, { wait } = { wait: true }): string[] {
    const rows: string[] = [];
    this.#waitsFor = null;
    for (let segment = this.#segments[0]; segment; segment = this.#segments[0]) {
      this.#waitsFor = wait ? waitsFor(segment, view) : null;
      if (this.#waitsFor !== null) break;
      rows.push(...this.#commitSegment(segment, view));
      if (!segment.done) break;
      this.#segments.shift();
    }
    return rows;
  }

  /** Resolves when what the last `commit` waited for is loaded; null when it waited for nothing, or for an image. */
  loaded(): Promise<unknown> | null {
    return this.#waitsFor === "loading" ? Promise.all([loadMarkdown(), wordDiffLoading()]) : null;
  }

  /** Rows that may still change. */
  tail(view: ItemView): string[] {
    const rows: string[] = [];
    let previous = this.#previous;
    for (const segment of this.#segments) {
      const own = liveRows(segment, view);
      if (own.length === 0) continue;
      const goesOn = segment.kind === "text" && segment.begun;
      if (!goesOn && needsRowBetween(previous, kindOf(segment))) rows.push("");
      rows.push(...own);
      previous = kindOf(segment);
    }
    const preparing = this.#open?.preparing ?? "";
    if (preparing !== "")
      rows.push(`  ${view.theme.style.dim(`${view.glyphs.pending} ${preparing} ${view.glyphs.ellipsis}`)}`);
    return rows;
  }

  /** Finished items in place of their rows, for who renders them later. Not together with `commit`. */
  takeItems(): TranscriptItem[] {
    const count = this.#segments.findIndex((segment) => !segment.done);
    const done = this.#segments.splice(0, count < 0 ? this.#segments.length : count);
    return done.flatMap((segment) => (segment.kind === "item" ? [segment.item] : []));
  }

  /** Items that may still change: calls that run. */
  openItems(): TranscriptItem[] {
    return this.#segments.flatMap((segment) =>
      segment.kind === "item" && !segment.hidden ? [segment.item] : [],
    );
  }

  #commitSegment(segment: Segment, view: ItemView): string[] {
    const goesOn = segment.kind === "text" && segment.begun;
    const rows = finalRows(segment, view);
    if (rows.length === 0 || goesOn) return rows;
    const gap = needsRowBetween(this.#previous, kindOf(segment));
    this.#previous = kindOf(segment);
    return gap ? ["", ...rows] : rows;
  }

  /** A request is sent again: what came of the answer is void, and taken back as far as it is not out. */
  #resetMessage(): void {
    const open = this.#open;
    if (!open) return;
    const voided = new Set(open.segments());
    const begun = open.begun();
    this.#segments = this.#segments.filter((segment) => !voided.has(segment));
    if (begun) this.add(notice(`${open.id}-reset`, "The answer broke off; it begins again."));
    this.#named = "";
    this.#open = new OpenMessage(open.id, () => this.#introduce(this.#speaker), this.#now);
  }

  #introduce(speaker: string): string {
    if (speaker === this.#named) return "";
    this.#named = speaker;
    return speaker;
  }

  #endMessage(messageId: string, message: Message): void {
    switch (message.role) {
      case "assistant":
        this.#endAnswer(messageId, message);
        break;
      case "user":
        if (!wasShown(message)) this.add(userItem(messageId, message));
        break;
      case "system":
      case "tool_result":
        break;
    }
  }

  #endAnswer(messageId: string, message: AssistantMessage): void {
    const speaker = message.runtime ?? "";
    const open =
      this.#open?.id === messageId
        ? this.#open
        : new OpenMessage(messageId, () => this.#introduce(speaker), this.#now);
    open.finish();
    for (const item of open.missing(message)) this.add(item);
    this.#open = null;
    this.#holdPlaces(message);
  }

  /** Calls stand in the order in which they were asked for, whichever starts or ends first. */
  #holdPlaces({ content }: AssistantMessage): void {
    for (const part of content) {
      if (part.type !== "tool_call" || this.#toolSegment(part.id)) continue;
      const call = { toolCallId: part.id, name: part.name, arguments: part.arguments };
      this.#segments.push({ ...itemSegment(startedTool(call, this.#now()), false), hidden: true });
    }
  }

  #dropHidden(): void {
    this.#segments = this.#segments.filter((segment) => segment.kind === "text" || !segment.hidden);
  }

  #applyOther(event: AgentEvent): void {
    switch (event.type) {
      case "tool_start":
        this.#startTool(event);
        break;
      case "tool_update":
        this.#changeTool(event.toolCallId, (item) => extendedTool(item, event.text));
        break;
      case "tool_end":
        if (hasDiff(event.details)) requestWordDiff();
        this.#changeTool(event.toolCallId, (item) => endedTool(item, event), true);
        break;
      case "approval_request":
        if (event.request.patch !== undefined) requestWordDiff();
        this.#changeTool(event.request.toolCallId, (item) => ({ ...item, status: "waiting" }));
        break;
      case "approval_resolved":
        this.#changeTool(event.toolCallId, (item) => ({
          ...item,
          status: "running",
          startedMs: this.#now(),
        }));
        break;
      default:
        for (const item of remarkOf(event)) this.add(item);
    }
    if (event.type === "run_end") this.#closeAll();
  }

  #startTool(event: Extract<AgentEvent, { type: "tool_start" }>): void {
    const known = this.#toolSegment(event.toolCallId);
    if (!known) {
      this.#segments.push(itemSegment(startedTool(event, this.#now()), false));
    } else if (known.hidden) {
      known.item = startedTool(event, this.#now());
      known.hidden = false;
    } else {
      this.#changeTool(event.toolCallId, (item) => ({ ...item, arguments: event.arguments }));
    }
  }

  #changeTool(id: string, change: (item: ToolItem) => ToolItem, done = false): void {
    const segment = this.#toolSegment(id);
    if (segment?.item.kind !== "tool") return;
    segment.item = change(segment.item);
    segment.done ||= done;
    if (done) segment.hidden = false;
  }

  #toolSegment(id: string): ItemSegment | undefined {
    return this.#segments.find(
      (segment): segment is ItemSegment =>
        segment.kind === "item" && segment.item.kind === "tool" && segment.item.id === id,
    );
  }

  /** A run that ended leaves nothing moving, whatever its runtime forgot to end. */
  #closeAll(): void {
    this.#open?.finish();
    this.#open = null;
    this.#dropHidden();
    for (const segment of this.#segments) {
      if (segment.done) continue;
      segment.done = true;
      if (segment.kind === "item" && segment.item.kind === "tool") {
        segment.item = { ...segment.item, status: "cancelled" };
      }
    }
  }
}

function notice(id: string, message: string, hint?: string): TranscriptItem {
  return { kind: "notice", id, level: "info", message, ...(hint === undefined ? {} : { hint }) };
}

function textsOf(message: AssistantMessage): string[] {
  return message.content.flatMap((part) => (part.type === "text" ? [part.text] : []));
}
