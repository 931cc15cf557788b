// Reads a line of plain words without the grammar: nothing in it can mean more than itself.
import type { Assignment, RawCommand } from "./shell-line.ts";

/** Words that start something other than a simple command. */
const KEYWORDS = new Set(
  `if then elif else fi for in do done while until case esac select function time coproc declare typeset
   export readonly local unset unsetenv let`.split(/\s+/),
);

/**
 * Null unless the line is one command of words from letters, digits and `_./=:,@%+-`, with blanks between.
 * Such words hold no quote, expansion, operator, comment or glob.
 */
export function readPlainLine(line: string): RawCommand | null {
  if (!/^[ \t]*[A-Za-z0-9_./=:,@%+-][A-Za-z0-9_./=:,@%+ \t-]*$/.test(line)) return null;
  const text = line.trim();
  const argv = text.split(/[ \t]+/);
  const assignments: Assignment[] = [];
  while (argv[0] !== undefined && /^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(argv[0])) {
    const [word = ""] = argv.splice(0, 1);
    const end = word.indexOf("=");
    assignments.push({ name: word.slice(0, end).replace("+", ""), value: word.slice(end + 1) });
  }
  return KEYWORDS.has(argv[0] ?? "") ? null : { argv, assignments, text };
}
