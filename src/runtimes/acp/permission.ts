// A permission request of an ACP agent in the gate's words, and the gate's verdict in the agent's. Pure.
import type { GateCall } from "../../protocol/approval.ts";
import { insidePath, pathsOf, type ToolNaming } from "./tool-view.ts";
import type { PermissionRequest, ToolUpdate } from "./wire.ts";

/** ACP's answer to `session/request_permission`. */
export type PermissionAnswer = {
  outcome: { outcome: "selected"; optionId: string } | { outcome: "cancelled" };
};

export const CANCELLED: PermissionAnswer = { outcome: { outcome: "cancelled" } };

/** File calls with known paths are judged by their paths, as our own; what else an agent does, by name and words. */
export function gateCall(
  toolCall: ToolUpdate,
  { id, naming }: { id: string; naming: ToolNaming },
  cwd: string,
): GateCall {
  const { name, arguments: args } = naming;
  const call = { toolCallId: id, name, arguments: args };
  const edits = toolCall.kind === "edit";
  const named = typeof args.path === "string" ? [args.path] : [];
  const paths = [...new Set([...named, ...pathsOf(toolCall)].map((path) => insidePath(path, cwd)))];
  if ((!edits && toolCall.kind !== "read") || paths.length === 0) return { ...call, tool: null };
  return { ...call, tool: { readOnly: !edits, kind: edits ? "edit" : "read", paths: () => paths } };
}

/**
 * "Always" stays our rule: the agent is told yes for this once wherever it offers that, since its own rules may be
 * written into the workspace or the person's settings.
 */
export function permissionAnswer(
  { options }: PermissionRequest,
  verdict: "allow" | "reject",
): PermissionAnswer {
  const find = (kind: string) => options.find((option) => option.kind === kind);
  const option = find(`${verdict}_once`) ?? find(`${verdict}_always`);
  return option ? { outcome: { outcome: "selected", optionId: option.optionId } } : CANCELLED;
}
