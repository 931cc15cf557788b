// One message as HTML: what was said as Markdown or as it is, thoughts and tool calls folded.
import type { Content, ToolCallContent } from "../../protocol/content.ts";
import type { Message, ToolResultMessage } from "../../protocol/message.ts";
import type { StoredEntry } from "../state-entry.ts";
import { callSubject } from "./call-subject.ts";
import type { Redaction } from "./redaction.ts";

export type MessageContext = {
  results: ReadonlyMap<string, ToolResultMessage>;
  redaction: Redaction;
  /** Safe HTML of Markdown. */
  renderMarkdown: (text: string) => string;
};

type MessageEntry = Extract<StoredEntry, { type: "message" }>;

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** The results of a branch, by the ids of their calls. */
export function resultsOf(entries: readonly StoredEntry[]): Map<string, ToolResultMessage> {
  const results = new Map<string, ToolResultMessage>();
  for (const entry of entries) {
    if (entry.type === "message" && entry.message.role === "tool_result") {
      results.set(entry.message.toolCallId, entry.message);
    }
  }
  return results;
}

/** Results stand with their calls: alone they are "". */
export function messageHtml({ message, time }: MessageEntry, context: MessageContext): string {
  switch (message.role) {
    case "tool_result":
      return "";
    case "user":
      return article(SPEAKERS[message.source ?? "prompt"], { time, body: partsHtml(message, context) });
    case "system":
      return article(["note", "Note"], { time, body: partsHtml(message, context) });
    case "assistant": {
      const error = message.error?.message;
      const failed = error === undefined ? "" : `<p class="error">${plain(error, context)}</p>`;
      const model = message.model === "" ? "" : ` <span class="by">${escapeHtml(message.model)}</span>`;
      const body = `${partsHtml(message, context)}${failed}`;
      return body === "" ? "" : article(["agent", `Agent${model}`], { time, body });
    }
  }
}

const SPEAKERS = {
  prompt: ["you", "You"],
  steer: ["you", "You, while it worked"],
  follow_up: ["you", "You"],
  shell: ["you", "You ran"],
  notice: ["note", "Note"],
} as const;

/** `title` is HTML. */
function article(
  [kind, title]: readonly [kind: string, title: string],
  of: { time: string; body: string },
): string {
  const time = escapeHtml(of.time);
  const clock = escapeHtml(of.time.slice(11, 16));
  return `<article class="${kind}"><h2>${title} <time datetime="${time}">${clock}</time></h2>\n${of.body}</article>\n`;
}

function partsHtml(message: Exclude<Message, { role: "tool_result" }>, context: MessageContext): string {
  const isAgent = message.role === "assistant";
  return message.content.map((part) => partHtml(part, { isAgent, context })).join("");
}

function partHtml(
  part: Content,
  { isAgent, context }: { isAgent: boolean; context: MessageContext },
): string {
  switch (part.type) {
    case "text": {
      if (part.text.trim() === "") return "";
      const text = context.redaction.text(part.text);
      if (isAgent) return `<div class="text">${context.renderMarkdown(text)}</div>\n`;
      return `<pre class="said">${escapeHtml(text)}</pre>\n`;
    }
    case "thinking":
      if (part.text.trim() === "") return "";
      return `<details class="thinking"><summary>Thinking</summary><pre>${plain(part.text, context)}</pre></details>\n`;
    case "image":
      return imageHtml(part);
    case "tool_call":
      return callHtml(part, context);
  }
}

/** Pictures that a browser shows without running anything; an SVG is a document. */
function imageHtml({ mimeType, data }: { mimeType: string; data: string }): string {
  const isPicture = /^image\/(?:png|jpeg|gif|webp)$/.test(mimeType) && /^[A-Za-z0-9+/=\s]*$/.test(data);
  if (!isPicture) return `<p class="remark">(image, ${escapeHtml(mimeType)})</p>\n`;
  return `<img alt="" src="data:${mimeType};base64,${data.replace(/\s/g, "")}">\n`;
}

function callHtml(call: ToolCallContent, context: MessageContext): string {
  const result = context.results.get(call.id);
  const subject = plain(callSubject(call), context);
  const end = endOf(result);
  const mark = end === "" ? "" : ` <span class="end">${plain(end, context)}</span>`;
  const name = `<b>${escapeHtml(call.name)}</b> <code>${subject}</code>`;
  const patch = patchOf(result);
  const body = [
    `<pre class="arguments">${escapeHtml(argumentsText(call, context))}</pre>`,
    patch === "" ? "" : diffHtml(patch, context),
    result ? resultHtml(result, context) : "",
  ].join("");
  const kind = result?.isError ? "tool failed" : "tool";
  return `<details class="${kind}"><summary>${name}${mark}</summary>${body}</details>\n`;
}

function argumentsText(call: ToolCallContent, { redaction }: MessageContext): string {
  if (call.invalidArguments !== undefined) return redaction.text(call.invalidArguments);
  const entries = Object.entries(call.arguments).map(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(redaction.value(value), null, 2);
    return `${name}: ${text}`;
  });
  return redaction.text(entries.join("\n"));
}

function resultHtml(result: ToolResultMessage, context: MessageContext): string {
  const parts = result.content.map((part) =>
    part.type === "image" ? imageHtml(part) : `<pre class="output">${plain(part.text, context)}</pre>`,
  );
  return parts.join("");
}

function diffHtml(patch: string, context: MessageContext): string {
  const lines = context.redaction.text(patch.trimEnd()).split("\n");
  const marked = lines.map((line) => {
    if (/^\+(?!\+\+ )/.test(line)) return `<ins>${escapeHtml(line)}</ins>`;
    return /^-(?!-- )/.test(line) ? `<del>${escapeHtml(line)}</del>` : escapeHtml(line);
  });
  return `<pre class="diff">${marked.join("\n")}</pre>`;
}

/** How the call ended, in a few words. */
function endOf(result: ToolResultMessage | undefined): string {
  const summary = detail(result, "summary");
  if (typeof summary === "string" && summary !== "exit 0") return summary;
  return result?.isError ? "failed" : "";
}

function patchOf(result: ToolResultMessage | undefined): string {
  const diff = detail(result, "diff");
  if (typeof diff !== "object" || diff === null || !("patch" in diff)) return "";
  return typeof diff.patch === "string" ? diff.patch : "";
}

/** Details of external agents have any shape. */
function detail(result: ToolResultMessage | undefined, name: string): unknown {
  const { details } = result ?? {};
  return typeof details === "object" && details !== null
    ? new Map(Object.entries(details)).get(name)
    : undefined;
}

function plain(text: string, { redaction }: MessageContext): string {
  return escapeHtml(redaction.text(text));
}
