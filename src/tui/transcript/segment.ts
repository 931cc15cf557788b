// Segments: the pieces of a transcript that are not wholly out yet, in the order they will stand.
import type { Picture, TranscriptItem } from "../../app/transcript-item.ts";
import { wordDiffLoading } from "../diff/word-diff.ts";
import { MarkdownStream } from "../markdown/markdown-stream.ts";
import { DETAIL_MARGIN, type ItemView, MARGIN } from "./item-view.ts";
import { answerWidth, indentAnswer, renderItem, speakerRows } from "./render-item.ts";

/** `hidden`: a call that did not start yet; it holds its place among the calls of its message. */
export type ItemSegment = { kind: "item"; item: TranscriptItem; done: boolean; hidden: boolean };

/** A text part of an answer that comes in pieces. `begun`: some of its rows are final and out. */
export type TextSegment = {
  kind: "text";
  stream: MarkdownStream;
  speaker: string;
  begun: boolean;
  done: boolean;
};

export type Segment = ItemSegment | TextSegment;

export function textSegment(speaker: string): TextSegment {
  return { kind: "text", stream: new MarkdownStream(), speaker, begun: false, done: false };
}

export function itemSegment(item: TranscriptItem, done: boolean): ItemSegment {
  return { kind: "item", item, done, hidden: false };
}

export function kindOf(segment: Segment): TranscriptItem["kind"] {
  return segment.kind === "text" ? "assistant" : segment.item.kind;
}

/** Rows that are final now; all that is left once it is done. Marks a text as begun. */
export function finalRows(segment: Segment, view: ItemView): string[] {
  if (segment.kind === "item")
    return segment.done ? renderItem(segment.item, { ...view, longCode: true }) : [];
  const inner = { ...view, width: answerWidth(view.width), longCode: true };
  const rows = indentAnswer(segment.done ? segment.stream.end(inner) : segment.stream.commit(inner));
  if (rows.length === 0 || segment.begun) return rows;
  segment.begun = true;
  return [...speakerRows(segment.speaker, view), ...rows];
}

/** Rows that may still change. Call `finalRows` before. */
export function liveRows(segment: Segment, view: ItemView): string[] {
  if (segment.kind === "item") {
    const { images: _notLive, ...named } = view;
    return segment.hidden ? [] : renderItem(segment.item, named);
  }
  const rows = indentAnswer(segment.stream.tail({ ...view, width: answerWidth(view.width) }));
  return rows.length === 0 || segment.begun ? rows : [...speakerRows(segment.speaker, view), ...rows];
}

/**
 * What the final rows need that is not there yet: something that is being loaded (colours of a language, words of a
 * diff), or an image that is being prepared. Rows are drawn once, and then for good.
 */
export function waitsFor(segment: Segment, view: ItemView): "loading" | "image" | null {
  if (!segment.done) return null;
  if (segment.kind === "text") return segment.stream.waits() ? "loading" : null;
  if (waitsForDiff(segment.item)) return "loading";
  return waitsForImages(segment.item, view) ? "image" : null;
}

function waitsForDiff(item: TranscriptItem): boolean {
  return wordDiffLoading() !== null && item.kind === "tool" && item.details?.diff !== undefined;
}

function waitsForImages(item: TranscriptItem, { images, width }: ItemView): boolean {
  if (!images) return false;
  const columns = width - DETAIL_MARGIN - MARGIN;
  const waiting = picturesOfItem(item).filter(({ content }) => content && !images.ready(content, columns));
  return waiting.length > 0;
}

function picturesOfItem(item: TranscriptItem): readonly Picture[] {
  return (item.kind === "user" || item.kind === "tool" ? item.pictures : undefined) ?? [];
}
