// What the tools of one session share: where they act and what they remember.
import type { PlanEntry } from "../protocol/tool.ts";
import type { Workspace } from "../sandbox/workspace.ts";
import { ReadLog } from "./read-log.ts";

/** Lives as long as the session; the caller owns it. */
export type ToolState = { readLog: ReadLog; plan: PlanEntry[] };

export function createToolState(): ToolState {
  return { readLog: new ReadLog(), plan: [] };
}

export type ToolContext = {
  workspace: Workspace;
  state: ToolState;
  /** Folder for texts that are too long to show; the workspace must let files in it be read. */
  outputDir: string;
  /** The ripgrep program; absent: the one that came with the package. */
  ripgrepPath?: string;
  /** The environment of git; the same as the workspace's programs have. */
  env: Readonly<Record<string, string>>;
  /** Seconds a command may take when the model names no time; absent: 120. */
  bashTimeoutS?: number | undefined;
  /** Megabytes that a file may have which a command writes, as the workspace holds it; absent: no limit. */
  bashQuotaMb?: number | undefined;
};
