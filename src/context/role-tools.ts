// Which tools a role leaves. Pure.

/** Whether a role with these tools (null: all) leaves that tool; others write the names of theirs with capitals. */
export function leavesTool(tools: readonly string[] | null, name: string): boolean {
  return tools === null || tools.some((one) => one.toLowerCase() === name.toLowerCase());
}
