// Random answers for the fuzz: markdown of every kind, scripts of every kind, bytes that would harm a terminal. Each
// line carries a tag that stands nowhere else, by which it is found again.
import type { Random } from "../support/random.ts";

/** No tag holds another, and nothing else in an answer looks like one. */
export const TAG = /[QU]\d{4}Z/g;

/** Gives the next tag: `Q` for lines of answers, `U` for what the person says. */
export type Tags = (kind: "Q" | "U") => string;

export function createTags(): Tags {
  let next = 0;
  return (kind) => `${kind}${String(next++).padStart(4, "0")}Z`;
}

const WORDS = [
  "parser",
  "reads",
  "every",
  "line",
  "once",
  "`code span`",
  "**strong words**",
  "*leaning*",
  "[a link](https://example.com/notes)",
  "snake_case_name",
  "a < b && c > d",
  "~~struck~~",
  "3.14",
] as const;

/** Wide, joined, marked, written from right to left. */
const SCRIPTS = [
  "你好世界",
  "日本語のテキスト",
  "한국어",
  "👍",
  "👨‍👩‍👧‍👦",
  "🇩🇪🇯🇵",
  "❤️",
  "👋🏽",
  "e\u0301\u0302a\u0308",
  "Z\u0351\u034ba\u0334lgo".replace("Z", "z"),
  "שלום עולם",
  "مرحبا بالعالم",
  "ไทย",
  "Ω≈ç√",
] as const;

/** What a terminal would carry out, whole and cut off. */
const HOSTILE = [
  "\x1b[2J",
  "\x1b[3J",
  "\x1b[H",
  "\x1b[10A",
  "\x1bc",
  "\x1b]0;owned\x07",
  "\x1b]52;c;ZXZpbA==\x07",
  "\x1b[?1049h",
  "\x1b[?25l",
  "\x1b[31;1m",
  "\x9b2J",
  "\x1bP+q544e\x1b\\",
  "\x08\x08\x08",
  "\x07",
  "\x0e",
  "\u202e",
  "\u200b\ufeff",
  "\x1b[",
  "\x00",
] as const;

const LANGUAGES = ["ts", "python", "", "json", "no-such-language"] as const;

/** Markdown of `blocks` blocks. */
export function randomAnswer(random: Random, tags: Tags, blocks: number): string {
  return Array.from({ length: blocks }, () => random.pick(BLOCKS)(random, tags)).join("\n\n");
}

type Block = (random: Random, tags: Tags) => string;

const BLOCKS: readonly [Block, ...Block[]] = [
  paragraph,
  paragraph,
  (random, tags) => `${"#".repeat(random.between(1, 4))} ${line(random, tags, 5)}`,
  list,
  (random, tags) => lines(random, tags, { least: 1, most: 4 }, (text) => `> ${text}`),
  fence,
  table,
  (_random, tags) => `${tags("Q")} ${"x".repeat(250)} ${tags("Q")}`,
  (random, tags) => `**${line(random, tags, 6)}\n${line(random, tags, 6)}`,
  () => "---",
];

/** Words behind a tag, on one line. */
function line(random: Random, tags: Tags, most: number): string {
  const words = Array.from({ length: random.between(0, most) }, () => word(random));
  return [tags("Q"), ...words].join(" ");
}

function word(random: Random): string {
  if (random.chance(0.08)) return `${random.pick(HOSTILE)}word`;
  return random.chance(0.2) ? random.pick(SCRIPTS) : random.pick(WORDS);
}

function lines(
  random: Random,
  tags: Tags,
  { least, most }: { least: number; most: number },
  shape: (text: string, index: number) => string,
): string {
  const count = random.between(least, most);
  return Array.from({ length: count }, (_, index) => shape(line(random, tags, 12), index)).join("\n");
}

function paragraph(random: Random, tags: Tags): string {
  return lines(random, tags, { least: 1, most: 8 }, (text) => text);
}

function list(random: Random, tags: Tags): string {
  const numbered = random.chance(0.5);
  return lines(random, tags, { least: 1, most: 12 }, (text, index) => {
    const indent = index === 0 ? 0 : random.between(0, 1) * 3;
    return `${" ".repeat(indent)}${numbered ? `${index + 1}.` : "-"} ${text}`;
  });
}

/** No blank line in it, so that nothing of it is a finished block before its end. */
function fence(random: Random, tags: Tags): string {
  const code = lines(random, tags, { least: 1, most: 50 }, (text) => `  const ${text.replaceAll("`", "'")};`);
  return `\`\`\`${random.pick(LANGUAGES)}\n${code}\n\`\`\``;
}

function table(random: Random, tags: Tags): string {
  const rows = Array.from(
    { length: random.between(1, 6) },
    () => `| ${tags("Q")} | ${random.pick(SCRIPTS)} | ${random.between(0, 9_999)} |`,
  );
  return ["| name | what | count |", "|---|:---:|---:|", ...rows].join("\n");
}
