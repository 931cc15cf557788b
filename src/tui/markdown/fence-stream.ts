// A code fence while it is being written: complete lines become rows at once and never change again.
import type { MarkdownView } from "./blocks.ts";
import { renderCodeLine } from "./code.ts";
import { closesFence, type Fence, fenceContent, mayCloseFence } from "./fence.ts";
import { type HighlightState, highlightLine, type Segment, startHighlight } from "./highlight.ts";

/** Rows that may stand in the live part before some are committed, and how many stay then: few, so that a window that changes pushes few of them out. */
const LIVE_ROWS = 6;
const KEPT_ROWS = 2;

export class FenceStream {
  readonly #fence: Fence;
  #state: HighlightState;
  /** Lines that are complete but not committed. */
  #waiting: Segment[][] = [];

  constructor(fence: Fence) {
    this.#fence = fence;
    this.#state = startHighlight(fence.language);
  }

  /** Takes a complete line; true when it closed the fence. */
  take(line: string): boolean {
    if (closesFence(line, this.#fence)) return true;
    const { segments, state } = highlightLine(this.#state, fenceContent(line, this.#fence));
    this.#waiting.push(segments);
    this.#state = state;
    return false;
  }

  /** Rows to commit: all of them, or those beyond what may stay live. */
  commit(view: MarkdownView, all: boolean): string[] {
    const heights = this.#waiting.map(
      (segments) => renderCodeLine(segments, { ...view, longCode: false }).length,
    );
    let live = heights.reduce((sum, height) => sum + height, 0);
    if (!all && live <= LIVE_ROWS) return [];
    let count = 0;
    for (const height of heights) {
      if (!all && live - height < KEPT_ROWS) break;
      live -= height;
      count++;
    }
    return this.#waiting.splice(0, count).flatMap((segments) => renderCodeLine(segments, view));
  }

  /** Rows that are not committed, with the line that is being written. */
  rows(line: string, view: MarkdownView): string[] {
    const rows = this.#waiting.flatMap((segments) => renderCodeLine(segments, view));
    if (mayCloseFence(line, this.#fence)) return rows;
    const { segments } = highlightLine(this.#state, fenceContent(line, this.#fence));
    return [...rows, ...renderCodeLine(segments, view)];
  }
}
