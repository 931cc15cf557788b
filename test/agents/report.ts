// The table of agents and cases, as Markdown that can be read in a terminal.
export type Result =
  | { state: "ok"; note?: string | undefined }
  | { state: "FAIL"; why: string }
  | { state: "n.a."; why: string };

export type Column = { agent: string; versions: readonly string[]; results: ReadonlyMap<string, Result> };

export function table(columns: readonly Column[], cases: readonly string[]): string {
  const rows = [
    ["case", ...columns.map(({ agent }) => agent)],
    ["version", ...columns.map(({ versions }) => versions.join(" + "))],
    ...cases
      .filter((name) => columns.some(({ results }) => results.has(name)))
      .map((name) => [name, ...columns.map(({ results }) => cell(results.get(name)))]),
  ];
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, at) => text.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  return [line(head), rule, ...body.map(line)].join("\n");
}

function cell(result: Result | undefined): string {
  if (result === undefined) return "-";
  if (result.state !== "ok") return result.state;
  return result.note === undefined ? "ok" : "ok*";
}

/** One line for each that has more to tell than ok. */
export function reasons(columns: readonly Column[]): string[] {
  return columns.flatMap(({ agent, results }) =>
    [...results].flatMap(([name, result]) => {
      if (result.state !== "ok") return [`${result.state} ${agent}, ${name}: ${result.why}`];
      return result.note === undefined ? [] : [`ok* ${agent}, ${name}: ${result.note}`];
    }),
  );
}
