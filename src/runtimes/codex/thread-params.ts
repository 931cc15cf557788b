// What we send to `codex app-server`. Pure; checked against the schema of the real program (drift test).
import type { PermissionMode } from "../../protocol/approval.ts";
import type { PromptBlock } from "../external/connection.ts";

/** Codex names its session after it: what we started can be told from what the person did. */
const CLIENT = { name: "hearth", title: "Hearth", version: "1" };

/** `experimentalApi`: without it the collaboration mode is refused. */
export const INITIALIZE = {
  clientInfo: CLIENT,
  capabilities: { experimentalApi: true, requestAttestation: false },
};

export type ThreadPlace = { cwd: string; mode: PermissionMode };

export type SandboxKind = "read-only" | "workspace-write" | "danger-full-access";

/**
 * What Codex confines to begin with; where that fails it runs an allowed command once more outside. Plan mode changes
 * nothing there as here, and who wants no questions wants no second runs either.
 */
export function sandboxOf(mode: PermissionMode): SandboxKind {
  if (mode === "plan") return "read-only";
  return mode === "full" ? "danger-full-access" : "workspace-write";
}

/**
 * `untrusted` makes Codex 0.169 ask before every command and every change of a file, in each sandbox and for `ls` too.
 * `on-request` asks only for what its model itself wants to run outside of the sandbox, and runs everything else.
 * `approvalsReviewer`: the person's settings may let a model answer instead of us.
 */
export function threadParams({ cwd, mode }: ThreadPlace) {
  return {
    cwd,
    approvalPolicy: "untrusted",
    approvalsReviewer: "user",
    sandbox: sandboxOf(mode),
  };
}

export function resumeParams(threadId: string, place: ThreadPlace) {
  return { threadId, excludeTurns: true, ...threadParams(place) };
}

export function injectParams(threadId: string, items: readonly unknown[]) {
  return { threadId, items };
}

export type TurnSettings = {
  /** Null: as the thread has it. */
  model: string | null;
  effort: string | null;
  /** What changed since the thread knew our mode; null: nothing. */
  modeChange: ModeChange | null;
};

export type ModeChange = {
  sandbox: SandboxKind;
  /** As the person's settings confine it to the workspace, where the thread was opened so; else null. */
  workspace: unknown;
  /** Codex's own mode, and what goes along with it; null: it stays. */
  collaboration: { mode: "plan" | "default"; model: string; effort: string | null } | null;
};

export function turnParams(threadId: string, blocks: readonly PromptBlock[], settings: TurnSettings) {
  const { model, effort, modeChange } = settings;
  return {
    threadId,
    input: inputOf(blocks),
    ...(model === null ? {} : { model }),
    ...(effort === null ? {} : { effort }),
    ...(modeChange === null ? {} : modeParams(modeChange)),
  };
}

/** Codex's own, where the thread was not opened so. */
const WORKSPACE_WRITE = {
  type: "workspaceWrite",
  writableRoots: [],
  networkAccess: false,
  excludeTmpdirEnvVar: false,
  excludeSlashTmp: false,
};

function sandboxPolicy({ sandbox, workspace }: ModeChange): unknown {
  switch (sandbox) {
    case "read-only":
      return { type: "readOnly", networkAccess: false };
    case "danger-full-access":
      return { type: "dangerFullAccess" };
    case "workspace-write":
      return workspace ?? WORKSPACE_WRITE;
  }
}

/** In Codex's plan mode its model works out a plan and changes nothing. */
function modeParams(change: ModeChange) {
  const { collaboration } = change;
  if (collaboration === null) return { sandboxPolicy: sandboxPolicy(change) };
  const { mode, model, effort } = collaboration;
  const settings = { model, reasoning_effort: effort, developer_instructions: null };
  return { sandboxPolicy: sandboxPolicy(change), collaborationMode: { mode, settings } };
}

export function steerParams(
  place: { threadId: string; turnId: string },
  blocks: readonly PromptBlock[],
  messageId: string,
) {
  return {
    threadId: place.threadId,
    expectedTurnId: place.turnId,
    clientUserMessageId: messageId,
    input: inputOf(blocks),
  };
}

function inputOf(blocks: readonly PromptBlock[]) {
  return blocks.map((block) =>
    block.type === "text"
      ? { type: "text", text: block.text, text_elements: [] }
      : { type: "image", url: `data:${block.mimeType};base64,${block.data}` },
  );
}
