// The runs of a session as a tree, with what each was about: for a picker. Reads every entry once, keeps little of each.
import type { RunOutcome } from "../protocol/event.ts";
import type { StoredEntry } from "../session/state-entry.ts";
import { collectTree, findNode, pathTo, type SessionTree, type TreeNode } from "../session/tree.ts";
import type { RunNode } from "./app.ts";
import { addFiles, answerText } from "./entry-facts.ts";

type Facts = {
  prompt?: string;
  runtime?: string;
  answer?: string;
  files: string[];
  tools: number;
  outcome?: RunOutcome;
};

const PROMPT_LENGTH = 1_000;
const ANSWER_LENGTH = 1_500;

/** Every run, each before those that follow it, oldest first; `parent` is the run it follows. */
export async function collectRuns(batches: AsyncIterable<readonly StoredEntry[]>): Promise<RunNode[]> {
  const facts = new Map<string, Facts>();
  const tree = await collectTree(gathering(batches, facts));
  const path = new Set(pathTo(tree.tip));
  const tip = pathTo(tree.tip).findLast(({ type }) => type === "run_start");
  const runs: RunNode[] = [];
  const open: { node: TreeNode; run: RunNode | null }[] = openNodes(tree.roots, null);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node } = next;
    let { run } = next;
    if (node.type === "run_start") {
      run = newRun(node, { parent: run, onBranch: path.has(node), isTip: node === tip });
      runs.push(run);
    }
    if (run) addFacts(run, facts.get(node.id), node.label);
    open.push(...openNodes(node.children, run));
  }
  return runs;
}

/** The last entry of the run that begins with the entry `id`; null for an entry that begins no run. */
export function runEnd(tree: SessionTree, id: string): TreeNode | null {
  const path = new Set(pathTo(tree.tip));
  const start = findNode(tree, id);
  if (start?.type !== "run_start") return null;
  for (let at = start; ; ) {
    const own = at.children.filter(({ type }) => type !== "run_start");
    // Of several, what the branch of now goes through, else the newest.
    const next = own.find((node) => path.has(node)) ?? own.at(-1);
    if (
      next === undefined ||
      at === tree.tip ||
      (path.has(at) && at.children.some((node) => path.has(node) && node !== next))
    )
      return at;
    at = next;
  }
}

/** For a stack: the oldest is taken first. */
function openNodes(
  nodes: readonly TreeNode[],
  run: RunNode | null,
): { node: TreeNode; run: RunNode | null }[] {
  return nodes.toReversed().map((node) => ({ node, run }));
}

async function* gathering(
  batches: AsyncIterable<readonly StoredEntry[]>,
  facts: Map<string, Facts>,
): AsyncGenerator<readonly StoredEntry[]> {
  for await (const batch of batches) {
    for (const entry of batch) {
      const found = factsOf(entry);
      if (found) facts.set(entry.id, found);
    }
    yield batch;
  }
}

function factsOf(entry: StoredEntry): Facts | null {
  switch (entry.type) {
    case "run_start":
      return { prompt: entry.prompt.slice(0, PROMPT_LENGTH), runtime: entry.runtime, files: [], tools: 0 };
    case "run_end":
      return { outcome: entry.outcome, files: [], tools: 0 };
    case "message": {
      if (entry.message.role !== "assistant") return null;
      const files: string[] = [];
      addFiles(files, entry.message);
      const answer = answerText(entry.message).slice(0, ANSWER_LENGTH);
      const tools = entry.message.content.filter(({ type }) => type === "tool_call").length;
      return { ...(answer === "" ? {} : { answer }), files, tools };
    }
    default:
      return null;
  }
}

function newRun(
  { id, text, time }: TreeNode,
  place: { parent: RunNode | null; onBranch: boolean; isTip: boolean },
): RunNode {
  return {
    id,
    parent: place.parent?.id ?? null,
    prompt: text,
    label: "",
    timeMs: Date.parse(time),
    runtime: "",
    answer: "",
    files: [],
    tools: 0,
    outcome: null,
    onBranch: place.onBranch,
    isTip: place.isTip,
  };
}

function addFacts(run: RunNode, facts: Facts | undefined, label: string | null): void {
  if (label !== null) run.label = label;
  if (!facts) return;
  run.prompt = facts.prompt ?? run.prompt;
  run.runtime = facts.runtime ?? run.runtime;
  run.answer = facts.answer ?? run.answer;
  run.outcome = facts.outcome ?? run.outcome;
  run.tools += facts.tools;
  for (const file of facts.files) if (!run.files.includes(file)) run.files.push(file);
}
