// Rows that need what is not loaded yet are drawn when it is, without another event, and at the latest when the screen ends.
import { expect, it } from "vitest";
import { initialState } from "../../src/app/state.ts";
import type { AgentEvent, EventEnvelope } from "../../src/protocol/event.ts";
import { ScreenStore } from "../../src/tui/screen-store.ts";
import { testTheme, testView } from "./theme/test-view.ts";

const view = testView(60, { theme: testTheme("16") });

function storeWithAnswer(language: string): ScreenStore {
  const store = new ScreenStore({ now: () => 0, view: () => view, onChange: () => undefined });
  const text = `\`\`\`${language}\nlet a = 1;\n\`\`\`\n`;
  const events: AgentEvent[] = [
    { type: "message_start", messageId: "m", role: "assistant" },
    { type: "message_update", messageId: "m", delta: { type: "text", index: 0, text } },
    {
      type: "message_end",
      messageId: "m",
      message: {
        role: "assistant",
        content: [{ type: "text", text }],
        stopReason: "stop",
        model: "m",
        usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost: null },
      },
    },
  ];
  const listeners: ((envelope: EventEnvelope) => void)[] = [];
  store.attach({
    subscribe: (listener) => {
      listeners.push(listener);
      return () => undefined;
    },
    onChange: () => () => undefined,
    state: () => initialState({}),
  });
  for (const [seq, event] of events.entries()) {
    for (const listener of listeners) listener({ seq, sessionId: "s", runId: "r", time: "", event });
  }
  return store;
}

/** What the scrollback was given, each time it is looked. */
function scrollback(store: ScreenStore): () => string {
  const rows: string[] = [];
  return () => {
    rows.push(...store.takeFinished(1_000));
    return rows.join("\n");
  };
}

it("code of an answer that came at once has its colours", async () => {
  const store = storeWithAnswer("swift");
  const committed = scrollback(store);
  store.flush();
  expect(committed()).toBe("");
  await expect.poll(committed, { timeout: 10_000 }).toContain("\x1b[35mlet\x1b[39m");
  expect(committed().match(/a = /g)).toHaveLength(1);
  store.close();
});

it("an answer is never lost because its colours are still being loaded when the screen ends", () => {
  const store = storeWithAnswer("kotlin");
  const committed = scrollback(store);
  store.finish();
  expect(committed()).toContain("let a = 1;");
  store.close();
});
