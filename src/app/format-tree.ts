// The tree of a session as text, for /tree: the runs of this branch with the numbers that /rewind takes, then others.
import { listBranches, pathTo, type SessionTree } from "../session/tree.ts";
import { formatAge } from "./format.ts";

/** `nowMs` in milliseconds since the epoch, for ages. */
export function formatTree(tree: SessionTree, nowMs: number): string {
  const runs = pathTo(tree.tip).filter((node) => node.type === "run_start");
  const others = listBranches(tree).filter((branch) => !branch.current);
  if (runs.length === 0 && others.length === 0) return "This session has no runs yet.";
  const here = runs.map((run, index) => `${index + 1}. ${firstLine(run.text)}  (${ageOf(run.time, nowMs)})`);
  const elsewhere = others.map(
    ({ prompt, runs: count, time }) => `- ${firstLine(prompt)}  (${countRuns(count)}, ${ageOf(time, nowMs)})`,
  );
  return [
    here.length === 0 ? "This branch has no runs yet." : "This branch:",
    ...here,
    ...(elsewhere.length === 0 ? [] : ["", "Other branches:", ...elsewhere]),
  ].join("\n");
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

function countRuns(count: number): string {
  return `${count} ${count === 1 ? "run" : "runs"}`;
}

function ageOf(time: string, nowMs: number): string {
  return `${formatAge(nowMs - Date.parse(time))} ago`;
}
