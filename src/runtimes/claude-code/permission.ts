// Our verdict on a call in the words of Claude Code. "Always" stays our rule: its suggestions, which would write rules
// into its own settings or the workspace, are never sent back. Pure.
import type { PermissionVerdict } from "../external/connection.ts";
import { CANNOT_CHANGE } from "./replies.prompt.ts";
import { nameTool, theirInput } from "./tool-view.ts";
import type { ToolRequest } from "./wire.ts";

export type PermissionAnswer =
  | { behavior: "allow"; updatedInput: Record<string, unknown> }
  | { behavior: "deny"; message: string; interrupt?: true };

export function refusal(message: string): PermissionAnswer {
  return { behavior: "deny", message };
}

export function permissionAnswer(
  { name, input }: ToolRequest,
  verdict: PermissionVerdict,
  cwd: string,
): PermissionAnswer {
  switch (verdict.answer) {
    case "cancel":
      return { behavior: "deny", message: "The turn is being stopped.", interrupt: true };
    case "reject":
      return refusal(verdict.message);
    case "allow": {
      const asked = nameTool(name, input, cwd).arguments;
      const isAsAsked = JSON.stringify(asked) === JSON.stringify(verdict.arguments);
      const updatedInput = isAsAsked ? { ...input } : theirInput(name, verdict.arguments, input);
      return updatedInput === null ? refusal(CANNOT_CHANGE) : { behavior: "allow", updatedInput };
    }
  }
}
