// The one row that is ours in the terminal of a client: whose screen this is, and how to leave it. Pure.
import { sanitizeText } from "../../lib/ansi.ts";
import { textWidth } from "../../lib/text-width.ts";

export type RowFacts = {
  name: string;
  paused: boolean;
  clients: number;
  program: { columns: number; rows: number };
  key: string;
  /** Why the last input was not taken. */
  message: string | null;
};

/** At most `columns` wide, with its style. */
export function statusRow(facts: RowFacts, columns: number): string {
  const parts =
    facts.message === null ? plainParts(facts) : [facts.message, `${keyName(facts.key)} detaches`];
  let text = sanitizeText(parts[0] ?? "").replace(/\s+/g, " ");
  for (const part of parts.slice(1)) {
    const longer = `${text}  ${part}`;
    if (textWidth(longer) <= columns) text = longer;
  }
  const cut = [...text].slice(0, columns).join("");
  const rest = " ".repeat(Math.max(0, columns - textWidth(cut)));
  return `\x1b[7m${cut}${rest}\x1b[0m`;
}

/** What matters most comes first: it stays where the window is narrow. */
function plainParts({ name, paused, clients, program, key }: RowFacts): string[] {
  return [
    name,
    ...(paused ? ["paused: no input"] : []),
    `${keyName(key)} detaches`,
    `${clients} ${clients === 1 ? "client" : "clients"}`,
    `${program.columns}x${program.rows}`,
  ];
}

function keyName(key: string): string {
  return key.replace(/^ctrl\+(.)$/, (_, letter: string) => `Ctrl+${letter.toUpperCase()}`);
}
