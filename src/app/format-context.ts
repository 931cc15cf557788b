// What fills the context window, as text: a line, a bar, a table of parts. Fits 80 columns.
import type { ContextReport } from "./app.ts";
import { formatTokens } from "./format.ts";

const BAR = 60;

export function formatContext(report: ContextReport): string {
  const { tokens, window } = report;
  const share = window > 0 ? ` of ${formatTokens(window)} (${percent(tokens, window)})` : "";
  return [
    `Context: ${formatTokens(tokens)} tokens${share}`,
    "",
    ...(window > 0 ? [`\`${bar(tokens / window)}\``, ""] : []),
    sourceOf(report),
    "",
    ...table(report),
  ].join("\n");
}

function sourceOf({ source, model }: ContextReport): string {
  if (source.kind === "counted")
    return "As the provider counted the newest answer; the parts are estimated and scaled to that.";
  if (source.answers === 0) return "An estimate: no answer has said yet how this model counts.";
  const counts = source.answers === 1 ? "one answer" : `${source.answers} answers`;
  return `An estimate, with what ${counts} of ${model} said of its counting.`;
}

function table({ parts, window, tokens }: ContextReport): string[] {
  const whole = window > 0 ? window : Math.max(1, tokens);
  const rows = parts.map(
    ({ name, tokens: own }) => `| ${cell(name)} | ${formatTokens(own)} | ${percent(own, whole)} |`,
  );
  const free =
    window > tokens
      ? [`| free | ${formatTokens(window - tokens)} | ${percent(window - tokens, whole)} |`]
      : [];
  return ["| part | tokens | of the window |", "| --- | ---: | ---: |", ...rows, ...free];
}

/** A name of a file may hold what a table takes for its own. */
function cell(name: string): string {
  return name.replace(/[\\`*_{}[\]<>|]/g, "\\$&").replace(/\s+/g, " ");
}

/** "12 %", "0.4 %"; of what is nearly nothing "< 0.1 %". */
function percent(part: number, whole: number): string {
  const value = (part / whole) * 100;
  if (value > 0 && value < 0.1) return "< 0.1 %";
  return `${value > 0 && value < 9.95 ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value)} %`;
}

/** Something is always more than nothing, and less than all of it leaves a place. */
function bar(share: number): string {
  const exact = Math.round(Math.min(1, share) * BAR);
  const filled = share >= 1 ? BAR : Math.min(BAR - 1, Math.max(share > 0 ? 1 : 0, exact));
  return "█".repeat(filled) + "░".repeat(BAR - filled);
}
