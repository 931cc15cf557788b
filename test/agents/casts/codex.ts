// Codex 0.169, openai-responses. Its sandbox runs a command without asking and lets it fail; only a model that asks to
// leave the sandbox makes it ask the person.
import type { Cast } from "../cast.ts";

const OUTSIDE = { sandbox_permissions: "require_escalated", justification: "as the scene says" };

export const codexCast: Cast = {
  offers: "exec_command",
  run: (command) => ({ name: "exec_command", arguments: { cmd: command, ...OUTSIDE } }),
  write: (path, content) => ({ name: "apply_patch", arguments: addFile(path, content) }),
};

/** The patch format that Codex tells its model of. */
function addFile(path: string, content: string): string {
  const lines = content.trimEnd().split("\n");
  return [
    "*** Begin Patch",
    `*** Add File: ${path}`,
    ...lines.map((line) => `+${line}`),
    "*** End Patch",
  ].join("\n");
}
