// What the turns of each runtime came to, added up from the audit log. Pure.
import { RouteRecord } from "../../protocol/audit.ts";
import { formatCost, formatTokens } from "../format.ts";
import type { AuditLine } from "./read-audit.ts";

/**
 * `turns` that it was given; of these `fallbacks` were taken over by native, which is `fallbackRate` of them (0 to 1).
 * `failed` ones include those. `passedOn` were native's from the beginning, since they needed tools. Tokens are those
 * of prompts, caches included, and of answers; `cost` in US dollars, null where no price is known.
 */
export type RouteSum = {
  runtime: string;
  turns: number;
  fallbacks: number;
  fallbackRate: number;
  failed: number;
  interrupted: number;
  passedOn: number;
  durationMs: number;
  inputTokens: number;
  outputTokens: number;
  cost: number | null;
};

/** Of each runtime that was given a turn, in the order of their first. */
export function sumRoutes(lines: readonly AuditLine[]): RouteSum[] {
  const sums = new Map<string, RouteSum>();
  const sumOf = (runtime: string): RouteSum => {
    const sum = sums.get(runtime) ?? emptySum(runtime);
    sums.set(runtime, sum);
    return sum;
  };
  for (const line of lines) {
    const route = RouteRecord.safeParse(line).data;
    if (!route) continue;
    if (route.reason === "needs_tools" && route.from !== undefined) sumOf(route.from).passedOn += 1;
    add(sumOf(route.runtime), route);
  }
  return [...sums.values()];
}

function emptySum(runtime: string): RouteSum {
  const counts = { turns: 0, fallbacks: 0, fallbackRate: 0, failed: 0, interrupted: 0, passedOn: 0 };
  return { runtime, ...counts, durationMs: 0, inputTokens: 0, outputTokens: 0, cost: null };
}

function add(sum: RouteSum, { outcome, fallback, durationMs, tokens, cost }: RouteRecord): void {
  sum.turns += 1;
  if (fallback !== undefined) sum.fallbacks += 1;
  sum.fallbackRate = sum.fallbacks / sum.turns;
  if (outcome === "failed") sum.failed += 1;
  if (outcome === "interrupted") sum.interrupted += 1;
  sum.durationMs += durationMs;
  sum.inputTokens += tokens.input + tokens.cacheRead + tokens.cacheWrite;
  sum.outputTokens += tokens.output;
  if (cost !== null) sum.cost = (sum.cost ?? 0) + cost;
}

const COLUMNS = [
  "runtime",
  "turns",
  "fallbacks",
  "rate",
  "failed",
  "passed on",
  "time",
  "tokens in",
  "out",
  "cost",
];

/** A table, one row a runtime; the first column is text, the others numbers. */
export function routeTable(sums: readonly RouteSum[]): string[] {
  const rows = [COLUMNS, ...sums.map(rowOf)];
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

function rowOf(sum: RouteSum): string[] {
  const { turns, fallbacks, fallbackRate, failed, passedOn, durationMs, inputTokens, outputTokens } = sum;
  return [
    sum.runtime,
    String(turns),
    String(fallbacks),
    turns === 0 ? "-" : `${Math.round(fallbackRate * 100)} %`,
    String(failed),
    String(passedOn),
    `${(durationMs / 1_000).toFixed(1)} s`,
    formatTokens(inputTokens),
    formatTokens(outputTokens),
    formatCost(sum.cost) || "-",
  ];
}
