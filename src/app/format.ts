// Numbers as people read them; shared by commands and the status line.

/** 950 → "950", 2100 → "2.1k", 1234567 → "1.2M". */
export function formatTokens(tokens: number): string {
  if (tokens < 1_000) return String(tokens);
  if (tokens < 999_950) return `${trimZero(tokens / 1_000)}k`;
  return `${trimZero(tokens / 1_000_000)}M`;
}

/** US dollars: "$0.004", "$1.20"; null (no price known): "". */
export function formatCost(cost: number | null): string {
  if (cost === null) return "";
  if (cost === 0) return "$0";
  return cost < 0.1 ? `$${cost.toPrecision(2)}` : `$${cost.toFixed(2)}`;
}

/** US dollars to the millionth, at least two places: "$0.000123", "$3.05", "$12.00". */
export function formatDollars(cost: number): string {
  return `$${cost.toFixed(6).replace(/(\.\d\d\d*?)0+$/, "$1")}`;
}

/** Milliseconds as a clock for things that run: "0:12", "1:02:03". */
export function formatClock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const minutes = Math.floor(seconds / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

/** Milliseconds as an age in whole units that passed: "5 s", "2 min", "3 h", "4 days". */
export function formatAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  const days = Math.floor(seconds / 86_400);
  return `${days} ${days === 1 ? "day" : "days"}`;
}

function trimZero(value: number): string {
  return value.toFixed(1).replace(/\.0$/, "");
}
