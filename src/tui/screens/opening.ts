// The first and the last thing that is said: what was opened, and how to go on with it later.
import type { App } from "../../app/app.ts";
import type { TranscriptItem } from "../../app/transcript-item.ts";
import { programVersion } from "../../app/version.ts";
import { abbreviateHome } from "../../lib/paths.ts";
import { textWidth, truncateMiddle } from "../../lib/text-width.ts";
import type { ItemView } from "../transcript/item-view.ts";

/** Two dim rows. */
export function openingItem(app: App, { glyphs, width }: Pick<ItemView, "glyphs" | "width">): TranscriptItem {
  const separator = ` ${glyphs.separator} `;
  const model = app.conversation.state().model.split("/").at(-1) || "no model";
  const who = `hearth ${programVersion()}${separator}${model}${separator}`;
  const room = Math.max(8, width - textWidth(who) - 6);
  const message = who + truncateMiddle(abbreviateHome(app.cwd, app.paths.home), room, glyphs.ellipsis);
  return { kind: "notice", id: "opening", level: "info", message, hint: "/help lists what you can do" };
}

/** Whether something must be asked before the first prompt: trust for this directory, or a way to a model. */
export function needsWelcome({ trust, models, conversation }: App): boolean {
  return trust.pending || (models.current() === null && conversation.state().runtime === "native");
}

/** Empty where nothing was stored. */
export function resumeHint({ conversation }: App): string {
  if (conversation.file === null || conversation.state().runs === 0) return "";
  return `To go on with this session: hearth --resume ${conversation.sessionId}\n`;
}
