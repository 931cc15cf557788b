// What a person copies out of the scrollback: lines of code as they are, however narrow the window.
import { expect, test } from "vitest";
import { comeToCalm, countRows, openTui } from "./tui-driver.ts";

const CODE = [
  "const table = new Map<string, number>();",
  `const sentence = "${"a long line of code that goes on and on, ".repeat(6)}";`,
  "\tif (table.size > 0) {",
  "",
  `\t\treturn table.get(sentence) ?? ${Array.from({ length: 40 }, (_, index) => index).join(" + ")};`,
  "\t}",
];
const FENCE = `Look:\n\n\`\`\`ts\n${CODE.join("\n")}\n\`\`\`\n\nThat is all.`;
/** Tabs are shown as four blanks; the code is set in by four. */
const SHOWN = CODE.map((line) => (line === "" ? "" : `    ${line.replaceAll("\t", "    ")}`));

test.each([40, 60, 100])(
  "lines of code are one line each when copied at %d columns, and end where they end",
  async (columns) => {
    const tui = await openTui([{ text: FENCE, chunkSize: 11, chunkDelayMs: 3 }], { columns });
    tui.enter("show me");
    await tui.waitFor("That is all.");
    await tui.waitForStatus("idle");
    await comeToCalm(tui);
    const rows = tui.transcript();
    const start = rows.indexOf(SHOWN[0] ?? "");
    expect(rows.slice(start, start + SHOWN.length)).toEqual(SHOWN);
  },
);

test("long lines of code survive resizes while they stream: none lost, none twice", async () => {
  const lines = Array.from(
    { length: 60 },
    (_, index) => `call${index}(${"argument, ".repeat(index % 17)}end${index});`,
  );
  const text = `\`\`\`ts\n${lines.join("\n")}\n\`\`\`\n\nDone.`;
  const tui = await openTui([{ text, chunkSize: 40, chunkDelayMs: 8 }], { columns: 100 });
  tui.enter("go");
  for (const [line, columns] of [
    [8, 60],
    [20, 45],
    [32, 120],
    [44, 70],
  ] as const) {
    await tui.waitFor((screen) =>
      [...screen.matchAll(/call(\d+)\(/g)].some(([, call]) => Number(call) >= line),
    );
    tui.resize(columns, 30);
  }
  await tui.waitFor("Done.");
  await tui.waitForStatus("idle");
  await comeToCalm(tui);
  const rows = tui.transcript();
  for (const line of lines) expect([line, countRows(rows, line)]).toEqual([line, 1]);
});
