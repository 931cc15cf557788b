// Markdown as lines to be heard: its signs become words or go. A line is said when it is whole, a long one sentence by
// sentence.

/** Nobody waits for the end of a paragraph: a sentence that ends beyond this many characters is said. */
const LONG_LINE = 120;
/** Bars and lines that are drawn say nothing. */
const DRAWING = /^[`\s\u2500-\u259f]+$/;
const SENTENCE_END = /[.!?]["')\]]*\s+/g;

export class SpokenMarkdown {
  #open = "";
  #fence = "";
  /** Sentences of the open line were said. */
  #within = false;

  /** Lines that became whole. */
  push(text: string): string[] {
    const lines = (this.#open + text).split("\n");
    this.#open = lines.pop() ?? "";
    const said = lines.flatMap((line) => this.#sayWhole(line));
    if (this.#fence !== "" || this.#open.length <= LONG_LINE) return said;
    const [rest = "", ...sentences] = cutSentences(this.#open).reverse();
    this.#open = rest;
    return [...said, ...sentences.reverse().flatMap((sentence) => this.#sayPart(sentence))];
  }

  /** What is left. */
  end(): string[] {
    const rest = this.#open === "" ? [] : this.#sayWhole(this.#open);
    this.#open = "";
    const unclosed = this.#fence === "" ? [] : ["End of code."];
    this.#fence = "";
    return [...rest, ...unclosed];
  }

  #sayWhole(line: string): string[] {
    const parts = this.#fence === "" ? cutSentences(line) : [line];
    const said = parts.flatMap((part) => this.#sayPart(part));
    this.#within = false;
    return said;
  }

  /** Only the beginning of a line may be a heading, a list and the like. */
  #sayPart(part: string): string[] {
    if (this.#within) return part.trim() === "" ? [] : [sayInline(part.trim())];
    this.#within = true;
    return this.#say(part);
  }

  #say(line: string): string[] {
    const [, mark = "", language = ""] = /^\s{0,3}(`{3,}|~{3,})\s*(\S*)/.exec(line) ?? [];
    if (this.#fence !== "") {
      if (!mark.startsWith(this.#fence)) return [line];
      this.#fence = "";
      return ["End of code."];
    }
    if (mark !== "") {
      this.#fence = mark;
      return [language === "" ? "Code:" : `Code, ${language}:`];
    }
    if (DRAWING.test(line)) return [];
    const words = sayLine(line);
    return words === "" ? [] : [words];
  }
}

/** The last part is what follows the last end of a sentence. Marks that are open at an end go on: it is none. */
function cutSentences(line: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const { index, 0: end } of line.matchAll(SENTENCE_END)) {
    const part = line.slice(from, index + end.length);
    const marks = part.match(/[*`]/g)?.length ?? 0;
    if (part.length <= LONG_LINE || marks % 2 !== 0) continue;
    parts.push(part);
    from = index + end.length;
  }
  return [...parts, line.slice(from)];
}

function sayLine(line: string): string {
  const text = line.trim();
  if (/^(?:[-*_]\s*){3,}$/.test(text) || /^\|?[\s:|-]+\|[\s:|-]*$/.test(text)) return "";
  const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(text)?.[1];
  if (heading !== undefined) return `Heading: ${sayInline(heading)}`;
  const quote = /^>+\s?(.*)$/.exec(text)?.[1];
  if (quote !== undefined) return quote === "" ? "" : `Quote: ${sayLine(quote)}`;
  if (text.startsWith("|"))
    return sayInline(
      text
        .split("|")
        .map((cell) => cell.trim())
        .filter(Boolean)
        .join(", "),
    );
  const task = /^[-*+]\s+\[([ xX])\]\s+(.*)$/.exec(text);
  if (task) return `${task[1] === " " ? "To do" : "Done"}: ${sayInline(task[2] ?? "")}`;
  const bullet = /^[-*+]\s+(.*)$/.exec(text)?.[1];
  return bullet === undefined ? sayInline(text) : `- ${sayInline(bullet)}`;
}

function sayInline(text: string): string {
  return text
    .split(/(`+[^`]+`+)/)
    .map((part) => (part.startsWith("`") ? part.replaceAll(/^`+ ?| ?`+$/g, "") : sayProse(part)))
    .join("");
}

/** Underscores and asterisks inside of words are part of them. */
function sayProse(text: string): string {
  return text
    .replaceAll(/!\[([^\]]*)\]\([^)\s]*\)/g, "image $1")
    .replaceAll(/\[([^\]]+)\]\(([^)\s]+)\)/g, "$1 ($2)")
    .replaceAll(/(?<![\w*])(\*{1,3}|~~)(?=\S)(.+?)(?<=\S)\1(?![\w*])/g, "$2")
    .replaceAll(/(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)/g, "$2");
}
