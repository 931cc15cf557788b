// Prompt templates: prompts that a person keeps as Markdown files and sends by name, with arguments put in. A template
// is text and stays text: nothing in it is run.
import { textField } from "../lib/front-matter.ts";
import { type MarkdownFile, type MarkdownFolder, readMarkdownFolders } from "./markdown-folder.ts";

export type PromptTemplate = {
  name: string;
  /** Of its front matter, else its first line. */
  description: string;
  /** What may follow its name: "[file] [what to look for]"; "" where it says nothing. */
  argumentHint: string;
  body: string;
  path: string;
  source: MarkdownFolder["source"];
};

/**
 * The templates by name. Those whose name is `taken` (a command of Hearth's own) are left out and named among the
 * problems, a sentence each.
 */
export async function readTemplates(
  folders: readonly MarkdownFolder[],
  taken: (name: string) => boolean,
): Promise<{ templates: PromptTemplate[]; problems: string[] }> {
  const { files, problems } = await readMarkdownFolders(folders);
  const templates = files.flatMap((file) => {
    const reason = refusal(file, taken);
    if (reason !== null) problems.push(`The prompt ${file.path} is left out: ${reason}.`);
    return reason === null ? [templateOf(file)] : [];
  });
  return { templates, problems };
}

/** `written` is what stands behind the name. */
export function expandTemplate({ body }: Pick<PromptTemplate, "body">, written: string): string {
  const words = splitArguments(written);
  let isUsed = false;
  // In one pass, so that what an argument holds is never looked through again.
  const text = body.replace(PLACE, (match, inner: string | undefined, short: string | undefined) => {
    if (inner === undefined && short === undefined) return match.slice(1);
    const value = placeValue(inner ?? short ?? "", words);
    isUsed ||= value !== null;
    return value ?? match;
  });
  // Words that a template has no place for still belong to the prompt.
  return isUsed || words.length === 0 ? text : `${text}\n\n${written.trim()}`;
}

/** `\$` is a dollar; `$1` to `$99`, `$@` and `$ARGUMENTS` as in pi and Claude Code; in braces with a default. */
const PLACE = /\\\$|\$\{([^{}\n]*)\}|\$(\d{1,2}(?!\d)|@|ARGUMENTS\b)/g;
const SLICE = /^@:(\d+)(?::(\d+))?$/;
const VALUE = /^(?:(\d{1,2})|@|ARGUMENTS)(?::-(.*))?$/;

/** Null for what is no place of ours: `${HOME}` in a piece of code. */
function placeValue(place: string, words: readonly string[]): string | null {
  const slice = SLICE.exec(place);
  if (slice) {
    const start = Math.max(0, Number(slice[1]) - 1);
    return words.slice(start, slice[2] === undefined ? undefined : start + Number(slice[2])).join(" ");
  }
  const value = VALUE.exec(place);
  if (!value) return null;
  const [, number, fallback = ""] = value;
  return (number === undefined ? words.join(" ") : words[Number(number) - 1]) || fallback;
}

/** Words as a shell parts them: quotes hold together and go, a backslash takes the next sign as it is. */
export function splitArguments(text: string): string[] {
  const words: string[] = [];
  for (const [word] of text.matchAll(/(?:"(?:[^"\\]|\\[\s\S])*"|'[^']*'|\\[\s\S]|[^\s\\])+/g)) {
    words.push(
      word.replace(/"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|\\([\s\S])/g, (_, double, single, one) =>
        double === undefined ? (single ?? one) : double.replace(/\\(["\\$])/g, "$1"),
      ),
    );
  }
  return words;
}

function takesArguments(body: string): boolean {
  return [...body.matchAll(PLACE)].some(([, inner, short]) => placeValue(inner ?? short ?? "", []) !== null);
}

function refusal({ name, body }: MarkdownFile, taken: (name: string) => boolean): string | null {
  if (taken(name)) return `/${name} is a command of Hearth's own`;
  return body === "" ? "it is empty" : null;
}

function templateOf({ name, path, source, fields, body }: MarkdownFile): PromptTemplate {
  const firstLine = body.split("\n", 1)[0]?.replace(/^#+\s*/, "") ?? "";
  return {
    name,
    path,
    source,
    body,
    description: textField(fields, "description") ?? firstLine.slice(0, 80),
    argumentHint: textField(fields, "argument-hint") ?? (takesArguments(body) ? "[arguments]" : ""),
  };
}
