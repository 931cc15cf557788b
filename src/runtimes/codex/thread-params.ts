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

/**
 * `untrusted` makes Codex 0.169 ask before every command and every change of a file, `ls` too; what is allowed runs
 * outside its sandbox then. `on-request` asks only for what its model wants to run outside of it, and runs everything
 * else. The sandbox is for what it does unasked, and told to its model: plan mode is read-only there as here.
 * `approvalsReviewer`: the person's settings may let a model answer instead of us.
 */
export function threadParams({ cwd, mode }: ThreadPlace) {
  return {
    cwd,
    approvalPolicy: "untrusted",
    approvalsReviewer: "user",
    sandbox: mode === "plan" ? "read-only" : "workspace-write",
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
  plan: boolean;
  /** The sandbox of the thread as it was opened; null where that was plan mode. */
  sandbox: unknown;
  /** What the collaboration mode must name. */
  model: string;
  effort: string | null;
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

/** Its own, where the thread was opened in plan mode and nothing else is known. */
const WORKSPACE_WRITE = {
  type: "workspaceWrite",
  writableRoots: [],
  networkAccess: false,
  excludeTmpdirEnvVar: false,
  excludeSlashTmp: false,
};

/** Plan mode is also one of Codex's own, in which its model works out a plan and changes nothing. */
function modeParams({ plan, sandbox, model, effort }: ModeChange) {
  const settings = { model, reasoning_effort: effort, developer_instructions: null };
  return {
    sandboxPolicy: plan ? { type: "readOnly", networkAccess: false } : (sandbox ?? WORKSPACE_WRITE),
    collaborationMode: { mode: plan ? "plan" : "default", settings },
  };
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
