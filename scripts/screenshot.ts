// Makes docs/screenshot.svg from the real program: the demo in a pseudo-terminal, drawn cell by cell.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTerminal, type VirtualTerminal } from "../test/support/terminal.ts";

const COLUMNS = 92;
const ROWS = 30;
const CELL = { width: 8.4, height: 18 };
const BACKGROUND = "#1c1c1c";
const FOREGROUND = "#d8dbe0";

const home = await mkdtemp(join(tmpdir(), "hearth-shot-"));
const env = { PATH: process.env.PATH ?? "", HOME: home, HEARTH_HOME: home, LANG: "C.UTF-8" };
const terminal = openTerminal({ args: ["--demo"], cwd: home, env, columns: COLUMNS, rows: ROWS });
await terminal.waitFor("›");
terminal.type("the tests fail on windows line endings, fix that\r");
await terminal.waitFor("wants to run", 20_000);
terminal.type("y");
await terminal.waitFor("node --test", 20_000);
await mkdir("docs", { recursive: true });
await writeFile("docs/screenshot.svg", drawSvg(terminal));
terminal.kill();
await terminal.exited;
await rm(home, { recursive: true, force: true });
process.exit(0);

function drawSvg({ cells }: VirtualTerminal): string {
  const rows = cells().map((row, y) => {
    const spans = row.map(({ text, color, bold, dim, italic }) => {
      const style = [
        `fill="${color ?? FOREGROUND}"`,
        ...(bold ? ['font-weight="bold"'] : []),
        ...(dim ? ['opacity="0.7"'] : []),
        ...(italic ? ['font-style="italic"'] : []),
      ];
      return `<tspan ${style.join(" ")}>${escapeXml(text)}</tspan>`;
    });
    return `<text x="16" y="${30 + y * CELL.height}" xml:space="preserve">${spans.join("")}</text>`;
  });
  const width = Math.round(COLUMNS * CELL.width + 32);
  const height = ROWS * CELL.height + 32;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">`,
    ...rows,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
