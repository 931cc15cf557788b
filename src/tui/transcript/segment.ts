// Segments: the pieces of a transcript that are not wholly out yet, in the order they will stand.
import type { Picture, TranscriptItem } from "../../app/transcript-item.ts";
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
  if (segment.kind === "item") return segment.done ? renderItem(segment.item, view) : [];
  const inner = { ...view, width: answerWidth(view.width) };
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

/** False while an image of it is being prepared: it is drawn once, and then for good. */
export function imagesReady(segment: Segment, { images, width }: ItemView): boolean {
  if (!images || segment.kind !== "item" || !segment.done) return true;
  return picturesOfItem(segment.item)
    .map(({ content }) => content === undefined || images.ready(content, width - DETAIL_MARGIN - MARGIN))
    .every((ready) => ready);
}

function picturesOfItem(item: TranscriptItem): readonly Picture[] {
  return (item.kind === "user" || item.kind === "tool" ? item.pictures : undefined) ?? [];
}
