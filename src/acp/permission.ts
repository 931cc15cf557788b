// Our question whether a call may run as the protocol's, and its answer as ours. Pure.
import type { RequestPermissionRequest, RequestPermissionResponse } from "@agentclientprotocol/sdk/unstable";
import { ApprovalOutcome, type ApprovalRequest } from "../protocol/approval.ts";
import { patchDiffs } from "./patch-diffs.ts";
import { toolKind, toolLocations, toolTitle } from "./tool-view.ts";
import type { ToolCallContent } from "./wire.ts";

/** "Always" is offered where there is a rule that says it; what is refused for good is a matter for the settings. */
export function permissionRequest(
  request: ApprovalRequest,
  { sessionId, cwd }: { sessionId: string; cwd: string },
): RequestPermissionRequest {
  const { alwaysRule } = request;
  const always =
    alwaysRule === undefined
      ? []
      : [{ optionId: "allow_always", kind: "allow_always" as const, name: `Always allow ${alwaysRule}` }];
  return {
    sessionId,
    toolCall: {
      toolCallId: request.toolCallId,
      name: request.name,
      title: toolTitle(request.name, request.arguments),
      kind: toolKind(request.name),
      status: "pending",
      rawInput: request.arguments,
      ...shown(request, cwd),
    },
    options: [
      { optionId: "allow_once", kind: "allow_once", name: "Allow" },
      ...always,
      { optionId: "reject_once", kind: "reject_once", name: "Reject" },
    ],
  };
}

/** null: the turn was cancelled while it was open. What is no option of ours is a refusal. */
export function permissionOutcome({ outcome }: RequestPermissionResponse): ApprovalOutcome | null {
  if (outcome.outcome !== "selected") return null;
  const chosen = ApprovalOutcome.safeParse(outcome.optionId);
  return chosen.success ? chosen.data : "reject_once";
}

/** What it would change, and what a person should know before they say yes. */
function shown(
  { patch, warnings, arguments: args, reason }: ApprovalRequest,
  cwd: string,
): Pick<RequestPermissionRequest["toolCall"], "content" | "locations"> {
  const diffs = patch === undefined ? null : patchDiffs(patch, cwd);
  const words = [...warnings.map((warning) => `**${warning}**`), `*${reason}*`].join("\n\n");
  const text: ToolCallContent = { type: "content", content: { type: "text", text: words } };
  return {
    content: [...(diffs?.content ?? []), text],
    locations: diffs && diffs.locations.length > 0 ? diffs.locations : toolLocations(args, cwd),
  };
}
