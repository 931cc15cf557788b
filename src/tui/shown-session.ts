// The conversation on the screen: as it goes on, as it was saved, and another one in its place.
import type { App } from "../app/app.ts";
import type { Screen } from "./screen.ts";
import { askReadOnly } from "./screens/read-only.ts";

/** Follows the conversation, also when it is replaced; gives the function that ends it. */
export function followConversation(screen: Screen, leave: (code: number) => void): () => void {
  const { app } = screen;
  const follow = (): (() => void) => {
    const unsubscribe = app.conversation.subscribe(({ event }) => {
      if (event.type === "queue_returned") screen.composer.restore(event.items.map((item) => item.text));
      if (event.type === "settled" && event.exit) leave(0);
    });
    const detach = screen.store.attach(app.conversation);
    return () => {
      unsubscribe();
      detach();
    };
  };
  let unfollow = follow();
  const stop = app.onConversation((reason) => {
    unfollow();
    unfollow = follow();
    screen.attempt(() => showReplaced(screen, reason));
  });
  return () => {
    unfollow();
    stop();
  };
}

/** A rule that says what the rows under it are, then the branch. */
async function showReplaced(screen: Screen, reason: string): Promise<void> {
  const words = reason === "rewind" ? await rewound(screen.app) : replacement(screen.app, reason);
  const rule = screen.view().glyphs.rule.repeat(2);
  notify(screen, `${rule} ${words} ${rule}`);
  await showSaved(screen);
  screen.composer.openDraft();
  askReadOnly(screen);
}

async function rewound({ conversation }: App): Promise<string> {
  const events = await conversation.replay({ lastRuns: Number.MAX_SAFE_INTEGER });
  return `rewound to run ${events.filter((event) => event.type === "run_start").length}`;
}

function replacement({ conversation }: App, reason: string): string {
  const { name } = conversation.state();
  switch (reason) {
    case "new":
      return "a new session; /resume opens the one before";
    case "resume":
      return name === "" ? "resumed" : `resumed ${name}`;
    case "fork":
      return "a copy; the original stays as it is";
    case "clone":
      return "a copy with every branch; the original stays as it is";
    default:
      return reason;
  }
}

/** Runs of a saved session that are shown when it opens; the transcript view and the file have the rest. */
const SHOWN_RUNS = 20;

export async function showSaved(screen: Screen): Promise<void> {
  const events = await screen.app.conversation.replay({ lastRuns: SHOWN_RUNS });
  if (events.length > 0) await screen.store.replay(events);
}

export function notify(screen: Screen, message: string): void {
  screen.show({ kind: "notice", id: message, level: "info", message });
}
