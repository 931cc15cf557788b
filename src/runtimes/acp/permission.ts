// Our verdict on a permission request in the words of an ACP agent. Pure.
import type { PermissionVerdict } from "../external/connection.ts";
import type { PermissionRequest } from "./wire.ts";

/** ACP's answer to `session/request_permission`. */
export type PermissionAnswer = {
  outcome: { outcome: "selected"; optionId: string } | { outcome: "cancelled" };
};

export const CANCELLED: PermissionAnswer = { outcome: { outcome: "cancelled" } };

/**
 * "Always" stays our rule: the agent is told yes for this once wherever it offers that, since its own rules may be
 * written into the workspace or the person's settings.
 */
export function permissionAnswer(
  { options }: PermissionRequest,
  { answer }: PermissionVerdict,
): PermissionAnswer {
  if (answer === "cancel") return CANCELLED;
  const find = (kind: string) => options.find((option) => option.kind === kind);
  const option = find(`${answer}_once`) ?? find(`${answer}_always`);
  return option ? { outcome: { outcome: "selected", optionId: option.optionId } } : CANCELLED;
}
