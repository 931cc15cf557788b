// What Codex's model reads of a call that we refused: Codex itself tells it only that it was rejected, and several calls
// may wait at once.
import type { ToolNaming } from "../external/connection.ts";

export function refusalText({ name, arguments: args }: ToolNaming, message: string): string {
  const subject = [args.command, args.path].find((value) => typeof value === "string" && value !== "");
  return `About your call "${[name, subject].filter((part) => part !== undefined).join(" ")}": ${message}`;
}
