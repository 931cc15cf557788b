// A voice: how a mode of plain lines says what happens. Lines are given once, in order, and never changed.

import type { App } from "../../app/app.ts";
import type { TranscriptItem } from "../../app/transcript-item.ts";
import type { ApprovalRequest } from "../../protocol/approval.ts";
import type { AgentEvent } from "../../protocol/event.ts";
import { approvalRows } from "../components/approval-card.ts";
import { defaultKeybindings } from "../keys/keybindings.ts";
import { TranscriptFeed } from "../transcript/feed.ts";
import type { ItemView } from "../transcript/item-view.ts";

export interface Voice {
  apply(event: AgentEvent): void;
  add(item: TranscriptItem): void;
  /** What is new, as finished lines. */
  lines(): string[];
  question(request: ApprovalRequest): string[];
  /** Said first, where somebody needs to be told what this is. */
  opening(app: App): string[];
  /** What stands before the person's own words, and before their answer to a question that they missed. */
  readonly prompts: { input: string; answer: string };
}

/** The transcript as on the screen, without colours. */
export function createPlainVoice(view: () => ItemView): Voice {
  const feed = new TranscriptFeed(Date.now);
  return {
    apply: (event) => feed.apply(event),
    add: (item) => feed.add(item),
    lines: () => feed.commit(view(), { wait: false }),
    question: (request) =>
      approvalRows({ request, waiting: 0, patchRows: [], bindings: defaultKeybindings() }, view()),
    opening: () => [],
    prompts: { input: "> ", answer: "y (once), a (always), or n and a reason: " },
  };
}
