// The bench's table: one line a row, printed as soon as it is measured.
import { median, quantile } from "./statistics.ts";

type Unit = "ms" | "MB" | "KB" | "times" | "%" | "frames/s" | "entries/s";

export type Row = {
  name: string;
  unit: Unit;
  samples: readonly number[];
  /** Which quantile counts; default 0.5, the median. */
  at?: number;
  /** The value must not be above it. */
  bound?: number;
  /** The value must not be below it. */
  least?: number;
  /** The same machine's bare `node -e 0` beside each sample: MB where the row is in MB, else milliseconds. */
  bare: readonly number[];
};

const WIDTHS = [46, 10, 17, 9, 8, 10] as const;

export function tableHead(): string {
  const names = ["", "median", "least - most", "bound", "", "node -e 0"];
  return `${line(names)}\n${WIDTHS.map((width) => "-".repeat(width)).join("  ")}`;
}

export function tableLine(row: Row): string {
  const value = measuredValue(row);
  const { unit } = row;
  const spread = `${number(Math.min(...row.samples))} - ${number(Math.max(...row.samples))}`;
  const bare = `${number(median(row.bare))} ${unit === "MB" ? "MB" : "ms"}`;
  const limit = limitOf(row);
  const verdict = limit === "" ? "" : isMissed(row) ? "MISSED" : "held";
  return line([row.name, `${number(value)} ${unit}`, spread, limit, verdict, bare]);
}

/** The number that is held against the bound. */
function measuredValue(row: Row): number {
  return quantile(row.samples, row.at ?? 0.5);
}

export function isMissed(row: Row): boolean {
  const value = measuredValue(row);
  return (row.bound !== undefined && value > row.bound) || (row.least !== undefined && value < row.least);
}

function limitOf({ bound, least, unit }: Row): string {
  if (least !== undefined) return `>= ${number(least)} ${unit}`;
  return bound === undefined ? "" : `${number(bound)} ${unit}`;
}

function line(cells: readonly string[]): string {
  const padded = cells.map((cell, index) =>
    index === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[index] ?? 0),
  );
  return padded.join("  ").trimEnd();
}

/** Three digits that count, thousands set apart. */
function number(value: number): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return value.toLocaleString("en", {
    maximumFractionDigits: Number.isInteger(value) ? 0 : digits,
    minimumFractionDigits: Number.isInteger(value) ? 0 : digits,
  });
}
