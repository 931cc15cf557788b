// CPU of streaming markdown to rows, run by hand: node bench/markdown.ts. Prints one line a scenario.

import { MarkdownStream } from "../src/tui/markdown/markdown-stream.ts";
import { renderMarkdown } from "../src/tui/markdown/render-markdown.ts";
import { unicodeGlyphs } from "../src/tui/theme/glyphs.ts";
import { createTheme } from "../src/tui/theme/theme.ts";
import { loadTheme } from "../src/tui/theme/theme-file.ts";
import { answerText, CODE_LINES, SENTENCE } from "./answer-text.ts";

const view = {
  width: 98,
  theme: createTheme(loadTheme("dark"), "truecolor"),
  glyphs: unicodeGlyphs,
  links: true,
};

/** As many tokens of four characters as asked for. */
function answer(tokens: number): string {
  return answerText(tokens * 4);
}

/** Pushes every token and draws after each `perFrame` of them, as a screen does every 40 ms. */
async function measure(name: string, text: string, perFrame: number): Promise<void> {
  const start = process.cpuUsage();
  const stream = new MarkdownStream();
  let rows = 0;
  let longestTail = 0;
  for (let at = 0, token = 0; at < text.length; at += 4, token++) {
    stream.push(text.slice(at, at + 4));
    if (token % perFrame !== 0) continue;
    rows += stream.commit(view).length;
    longestTail = Math.max(longestTail, stream.tail(view).length);
    if (token === 0) await stream.ready();
  }
  await stream.ready();
  rows += stream.end(view).length;
  const { user, system } = process.cpuUsage(start);
  console.log(
    `${name.padEnd(46)} ${((user + system) / 1_000).toFixed(0).padStart(5)} ms CPU  ${rows} rows, live part at most ${longestTail}`,
  );
}

await measure("warm-up (loads lexer and colours)", answer(500), 40);
await measure("5,000 tokens, a frame every 40 tokens", answer(5_000), 40);
await measure("20,000 tokens, a frame every 40 tokens", answer(20_000), 40);
await measure("20,000 tokens, a frame every 2,000 tokens", answer(20_000), 2_000);
await measure("20,000 tokens at once", answer(20_000), 1_000_000);
await measure("4,000 tokens, a frame every 8 (200 chunks/s)", answer(4_000), 8);
await measure(
  "20,000 tokens, one fence",
  `\`\`\`ts\n${`${CODE_LINES.join("\n")}\n`.repeat(100)}`.slice(0, 80_000),
  40,
);
await measure("20,000 tokens, one paragraph", `${SENTENCE} `.repeat(500).slice(0, 80_000), 40);
await measure("20,000 tokens, one list", `- ${SENTENCE}\n`.repeat(500).slice(0, 80_000), 40);
await measure(
  "20,000 tokens, one table",
  `| a | b |\n|---|---|\n${`| ${SENTENCE} | x |\n`.repeat(500)}`.slice(0, 80_000),
  40,
);

const start = performance.now();
for (let round = 0; round < 10; round++) renderMarkdown(answer(20_000), view);
console.log(`80 KB rendered as a whole: ${((performance.now() - start) / 10).toFixed(1)} ms`);
