import { renderToString } from "ink";
import { describe, expect, it } from "vitest";
import { Rows } from "../../../src/tui/components/rows.tsx";
import { loadMarkdown, renderMarkdown } from "../../../src/tui/markdown/render-markdown.ts";
import { testTheme, testView, visible } from "../theme/test-view.ts";

describe("Rows", () => {
  it("puts rows on the screen as they are, empty ones and hyperlinks included", async () => {
    await loadMarkdown();
    const text =
      "# Head\n\nSome **strong** text and [a link](https://x.org) that has to be wrapped.\n\n- 中文字中文字中文字";
    const rows = renderMarkdown(text, testView(24, { theme: testTheme("truecolor"), links: true }));
    const shown = renderToString(<Rows rows={rows} />, { columns: 24 });
    expect(visible(shown.split("\n"))).toEqual(visible(rows));
    expect(shown).toContain("\x1b]8;;https://x.org/");
  });
});
