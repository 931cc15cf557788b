// How Claude Code names the folder of a project's sessions under ~/.claude/projects.

/** A name of more than 200 characters is cut there, and ends in a hash of its own. */
export function claudeProject(cwd: string): string {
  return cwd.replace(/[^a-zA-Z0-9]/g, "-");
}
