// What another agent reads in the place of what was summed up before a session was handed to it.

export function summaryText(summary: string): string {
  return `This session goes on from an earlier conversation, of which this is the summary:\n\n${summary}`;
}
