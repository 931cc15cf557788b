// Asks ripgrep which lines of which sessions hold a word. What it says is a guess by pattern: see search.
import { AppError } from "../lib/app-error.ts";
import { runProcess } from "../lib/subprocess.ts";
import { jsonPattern } from "./search-query.ts";

/** What a line is to a person. */
export type HitKind = "name" | "prompt" | "answer" | "tool";

/** `offset` in bytes is where the line begins. */
export type FoundLine = { kind: HitKind; offset: number };

/** `all`: the folders of all projects lie in it. */
type Place = { folder: string; all: boolean; signal: AbortSignal };

/** Lines of one session that are told; the first ones of long sessions. */
const MOST_LINES = 100;
/** More do not fit into a command line on every system. */
const MOST_TARGETS = 500;
/** Names are few and may come late. */
const MOST_TITLES = 1_000;

const TEXT = String.raw`"(?:[^"\\\n]|\\[^\n])*?`;
const TITLE_LINE = String.raw`^\{"type":"(name|label|run_start)"[^\n]*?"(?:name|label|prompt)":${TEXT}`;
const MESSAGE_LINE = String.raw`^\{"type":"message"[^\n]*?"role":"(user|assistant|tool_result)"[^\n]*?"text":${TEXT}`;

const KINDS: Readonly<Record<string, HitKind>> = {
  name: "name",
  label: "name",
  run_start: "prompt",
  user: "prompt",
  assistant: "answer",
  tool_result: "tool",
};

const LINE_SHAPE = [
  ...["--byte-offset", "--only-matching", "--heading", "--with-filename", "--no-line-number"],
  "--replace=$1",
];

/** Names, labels and prompts that hold the word, by the path of their session. Throws `search.failed`. */
export async function titlesWith(word: string, place: Place): Promise<Map<string, FoundLine[]>> {
  const found = new Map<string, FoundLine[]>();
  const pattern = TITLE_LINE + jsonPattern(word);
  await ripgrep([...LINE_SHAPE, `--max-count=${MOST_TITLES}`, pattern], { ...place, take: adder(found) });
  return found;
}

/** Messages that hold the word; `paths`: the sessions that it may be in. Throws `search.failed`. */
export async function messagesWith(
  word: string,
  place: Place,
  paths: ReadonlySet<string>,
): Promise<Map<string, FoundLine[]>> {
  const found = new Map<string, FoundLine[]>();
  const pattern = MESSAGE_LINE + jsonPattern(word);
  const targets = paths.size > MOST_TARGETS ? {} : { targets: [...paths] };
  await ripgrep([...LINE_SHAPE, `--max-count=${MOST_LINES}`, pattern], {
    ...place,
    ...targets,
    take: adder(found),
  });
  return found;
}

/** The paths of sessions that hold the word anywhere. Throws `search.failed`. */
export async function sessionsWith(word: string, place: Place): Promise<Set<string>> {
  const paths = new Set<string>();
  await ripgrep(["--files-with-matches", jsonPattern(word)], {
    ...place,
    take: (line) => paths.add(line),
  });
  return paths;
}

/** Lines are a path, then `OFFSET:KIND` for each match in it, then an empty one. */
function adder(lines: Map<string, FoundLine[]>): (line: string) => void {
  let current: FoundLine[] = [];
  return (line) => {
    const [, offset, word = ""] = /^(\d+):([a-z_]+)$/.exec(line) ?? [];
    const kind = KINDS[word];
    if (offset !== undefined && kind) current.push({ kind, offset: Number(offset) });
    else if (line !== "") {
      current = lines.get(line) ?? [];
      lines.set(line, current);
    }
  };
}

/** `targets`: files to look at, all of the place without them; `take` is given each line. */
type Question = Place & { targets?: readonly string[]; take: (line: string) => unknown };

async function ripgrep(args: readonly string[], question: Question): Promise<void> {
  const { all, folder, signal, targets = [folder], take } = question;
  const { rgPath } = await import("@vscode/ripgrep").catch((cause: unknown) => {
    throw failed("ripgrep is not installed for this system", cause);
  });
  const options = [
    ...["--no-config", "--no-ignore", "--hidden", "--follow", "--text", "--color=never", "--no-messages"],
    ...["--ignore-case", "--glob=*.jsonl", `--max-depth=${all ? 2 : 1}`],
  ];
  let rest = "";
  let said = "";
  const end = await runProcess(rgPath, [...options, ...args, "--", ...targets], {
    cwd: "/",
    env: {},
    signal,
    onOutput: (text, stream) => {
      if (stream === "stderr") said += text;
      else {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) take(line);
      }
    },
  });
  signal.throwIfAborted();
  // 1: nothing was found. 2: some files could not be read, or the folder is not there.
  if (end.exitCode === null || (end.exitCode > 1 && said.trim() !== ""))
    throw failed(said.trim() || "it was ended", null);
}

function failed(why: string, cause: unknown): AppError {
  return new AppError("search.failed", `Sessions cannot be searched: ${why}.`, { cause });
}
