// The text that models answer with in the bench: prose, lists, tables and fences as real answers have them.

/** One sentence of prose with inline markup. */
export const SENTENCE =
  "The parser reads **every line** once, keeps `offset` and `length`, and never copies the text it was given; see [the notes](https://example.com/notes) for the measured cost of each step.";

/** Lines of TypeScript, none like another. */
export const CODE_LINES: readonly string[] = Array.from(
  { length: 12 },
  (_, line) => `  const value${line} = parse(source, { offset: ${line}, name: "line" }); // keeps the text`,
);

const SECTION = [
  "## A section about lines",
  `${SENTENCE} ${SENTENCE}`,
  `- ${SENTENCE}\n- second item\n- third item with \`code\``,
  `\`\`\`ts\nexport function read(source: string) {\n${CODE_LINES.join("\n")}\n}\n\`\`\``,
  "| name | value |\n|---|---:|\n| lines | 84 |\n| bytes | 2,100 |",
  `${SENTENCE}\n`,
].join("\n\n");

/** Markdown of exactly so many characters. */
export function answerText(characters: number): string {
  return SECTION.repeat(Math.ceil(characters / SECTION.length)).slice(0, characters);
}
