import { expect, it } from "vitest";
import { TranscriptFeed } from "../../../src/tui/transcript/feed.ts";
import { testTheme, testView } from "../theme/test-view.ts";

it("holds a changed file back until the words that changed can be told, then gives it once", async () => {
  const theme = testTheme("16");
  const view = testView(80, { theme });
  const feed = new TranscriptFeed(() => 0);
  feed.apply({ type: "tool_start", toolCallId: "c1", name: "edit", arguments: { path: "a.ts" } });
  feed.apply({
    type: "tool_end",
    toolCallId: "c1",
    name: "edit",
    isError: false,
    content: [{ type: "text", text: "done" }],
    details: {
      diff: { path: "a.ts", patch: "@@ -1 +1 @@\n-let a = 1;\n+let a = 2;\n", added: 1, removed: 1 },
    },
  });
  expect(feed.commit(view)).toEqual([]);
  expect(feed.tail(view)).toHaveLength(3);
  const committed: string[] = [];
  await expect
    .poll(
      () => {
        committed.push(...feed.commit(view));
        return committed.length;
      },
      { timeout: 10_000 },
    )
    .toBe(3);
  expect(committed[2]).toContain(theme.style.diffAddWord("2"));
  expect([...feed.commit(view), ...feed.tail(view)]).toEqual([]);
});
