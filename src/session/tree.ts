// The tree of a session, pure: who follows whom, where the branches end, what a rewind goes back to.
import { AppError } from "../lib/app-error.ts";
import type { Message } from "../protocol/message.ts";
import type { StoredEntry } from "./state-entry.ts";

/** An entry in its place, without its content: `text` is its beginning, for a person to know it by. */
export type TreeNode = {
  id: string;
  type: StoredEntry["type"];
  time: string;
  text: string;
  label: string | null;
  parent: TreeNode | null;
  /** Oldest first. */
  children: TreeNode[];
};

export type SessionTree = {
  /** Entries without a parent, oldest first: the first one, and first prompts after a rewind to the start. */
  roots: TreeNode[];
  /** Where the next entry goes; null at the root. */
  tip: TreeNode | null;
};

/** A line of `/tree`. `after` is the last entry shared with another branch; null: they share none. */
export type Branch = {
  leafId: string;
  after: string | null;
  /** The first prompt of its own. */
  prompt: string;
  /** Runs from the root. */
  runs: number;
  time: string;
  label: string | null;
  current: boolean;
};

const TEXT_LENGTH = 200;

/**
 * Builds the tree from entries in file order, as `SessionStore.entries` gives them. A parent that is missing
 * or comes later counts as the entry before: there are no cycles, whatever the file holds.
 */
export async function collectTree(batches: AsyncIterable<readonly StoredEntry[]>): Promise<SessionTree> {
  const tree: SessionTree = { roots: [], tip: null };
  const nodes = new Map<string, TreeNode>();
  let previous: TreeNode | null = null;
  for await (const batch of batches) {
    for (const entry of batch) previous = addEntry({ tree, nodes, previous }, entry);
  }
  return tree;
}

/** From the root to the node. */
export function pathTo(node: TreeNode | null): TreeNode[] {
  const path: TreeNode[] = [];
  for (let at = node; at !== null; at = at.parent) path.push(at);
  return path.reverse();
}

/** The node of that id; null when there is none. */
export function findNode(tree: SessionTree, id: string): TreeNode | null {
  const open = [...tree.roots];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.id === id) return node;
    open.push(...node.children);
  }
  return null;
}

/** Every branch that holds a run of its own, oldest leaf first, and the current one. */
export function listBranches(tree: SessionTree): Branch[] {
  const branches: Branch[] = [];
  const open = [...tree.roots];
  for (let node = open.shift(); node !== undefined; node = open.shift()) {
    open.unshift(...node.children);
    if (node.children.length === 0 || node === tree.tip) branches.push(describeBranch(tree, node));
  }
  const told = branches.filter((branch) => branch.current || branch.prompt !== "");
  return told.toSorted((a, b) => a.time.localeCompare(b.time));
}

/**
 * The entry to move the leaf to so that the first `runs` runs of the current branch remain (null: none).
 * Throws AppError `session.no_run` when there are fewer.
 */
export function rewindTarget(tree: SessionTree, runs: number): string | null {
  const path = pathTo(tree.tip);
  const starts = path.flatMap((node, index) => (node.type === "run_start" ? [index] : []));
  if (!Number.isInteger(runs) || runs < 0 || runs > starts.length) {
    const have = starts.length === 1 ? "is 1 run" : `are ${starts.length} runs`;
    throw new AppError("session.no_run", `Cannot go back to run ${runs}: there ${have} on this branch.`);
  }
  const end = starts[runs] ?? path.length;
  return path[end - 1]?.id ?? null;
}

type Building = { tree: SessionTree; nodes: Map<string, TreeNode>; previous: TreeNode | null };

/** Returns the newest node of the tree. */
function addEntry({ tree, nodes, previous }: Building, entry: StoredEntry): TreeNode | null {
  if (entry.type === "state") return previous;
  if (entry.type === "leaf") {
    tree.tip = entry.targetId === null ? null : (nodes.get(entry.targetId) ?? tree.tip);
    return previous;
  }
  const { id, type, time } = entry;
  const parent = entry.parentId === null ? null : (nodes.get(entry.parentId) ?? previous);
  const node: TreeNode = { id, type, time, text: textOf(entry), label: null, parent, children: [] };
  (parent?.children ?? tree.roots).push(node);
  nodes.set(id, node);
  tree.tip = node;
  if (entry.type === "label") {
    const target = nodes.get(entry.targetId);
    if (target) target.label = entry.label;
  }
  return node;
}

function describeBranch(tree: SessionTree, leaf: TreeNode): Branch {
  const path = pathTo(leaf);
  const isFork = (node: TreeNode) =>
    node.children.length > 1 || (node === tree.tip && node.children.length > 0);
  const forkIndex = path.findLastIndex((node) => node !== leaf && isFork(node));
  const own = path.slice(forkIndex + 1);
  return {
    leafId: leaf.id,
    after: path[forkIndex]?.id ?? null,
    prompt: own.find((node) => node.type === "run_start")?.text ?? "",
    runs: path.filter((node) => node.type === "run_start").length,
    time: leaf.time,
    label: own.findLast((node) => node.label !== null)?.label ?? null,
    current: leaf === tree.tip,
  };
}

function textOf(entry: StoredEntry): string {
  if (entry.type === "run_start") return entry.prompt.slice(0, TEXT_LENGTH);
  if (entry.type === "message") return messageText(entry.message).slice(0, TEXT_LENGTH);
  if (entry.type === "compaction") return entry.summary.slice(0, TEXT_LENGTH);
  if (entry.type === "notice") return entry.message.slice(0, TEXT_LENGTH);
  return "";
}

function messageText(message: Message): string {
  const texts = message.content.map((part) => {
    if (part.type === "text") return part.text;
    return part.type === "tool_call" ? part.name : "";
  });
  return texts.filter((text) => text !== "").join("\n");
}
