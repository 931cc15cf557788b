// What is copied of an item: its text as it came, or one of its code blocks. Pure; changes no character.
import type { TranscriptItem } from "../../app/transcript-item.ts";

/** "" where there is nothing to copy. */
export function copyText(item: TranscriptItem): string {
  switch (item.kind) {
    case "user":
    case "assistant":
    case "thinking":
      return item.text;
    case "tool":
      return item.details?.diff?.patch || item.output || JSON.stringify(item.arguments, null, 2);
    case "shell":
      return item.output === "" ? item.command : `$ ${item.command}\n${item.output}`;
    case "plan":
      return item.entries.map((entry) => entry.text).join("\n");
    case "notice":
      return [item.message, item.hint ?? ""].join("\n").trim();
    case "error":
      return [`${item.failure.code}: ${item.failure.message}`, item.failure.hint ?? ""].join("\n").trim();
    case "runtime":
      return [item.runtime, item.detail].join(" ").trim();
    case "run_end":
      return "";
  }
}

/** Code of the fences of a text, in lists and quotes too, each without its fence and the fence's own indent. */
export function codeBlocks(item: TranscriptItem): string[] {
  if (item.kind === "tool" || item.kind === "shell") return commandOf(item);
  if (item.kind !== "assistant" && item.kind !== "user" && item.kind !== "thinking") return [];
  const blocks: string[] = [];
  let open: OpenBlock | null = null;
  for (const line of item.text.split("\n")) {
    if (open === null) open = openBlock(line);
    else if (!closes(line, open.marker)) open.lines.push(withoutLead(line, open.lead));
    else {
      blocks.push(open.lines.join("\n"));
      open = null;
    }
  }
  return open === null || open.lines.length === 0 ? blocks : [...blocks, open.lines.join("\n")];
}

type OpenBlock = { lead: string; marker: string; lines: string[] };

function openBlock(line: string): OpenBlock | null {
  const [, lead = "", marker = ""] = FENCE.exec(line) ?? [];
  return marker === "" ? null : { lead, marker, lines: [] };
}

/** Blanks, quote signs and the mark of a list may stand before it. */
const FENCE = /^([ \t>]*(?:[-*+]|\d+[.)])?[ \t]*)(`{3,}(?!.*`)|~{3,})/;

/** The code of a call is what it ran. */
function commandOf(item: Extract<TranscriptItem, { kind: "tool" | "shell" }>): string[] {
  const command = item.kind === "shell" ? item.command : item.arguments.command;
  return typeof command === "string" && command !== "" ? [command] : [];
}

function closes(line: string, marker: string): boolean {
  const text = line.replace(/^[ \t>]*/, "").trimEnd();
  return text.startsWith(marker) && [...text].every((sign) => sign === marker[0]);
}

/** At most what stands before the fence is taken off: blanks and quote signs. */
function withoutLead(line: string, lead: string): string {
  let at = 0;
  while (at < lead.length && /[ \t>]/.test(line[at] ?? "")) at++;
  return line.slice(at);
}
