// A branch as one HTML page that needs nothing else: no network, no script but its own, which it is bound to by hash.
// Search, folding, light and dark. What was said stays text, whatever it holds.
import { createHash } from "node:crypto";
import { mendBranch } from "../mend.ts";
import type { StoredEntry } from "../state-entry.ts";
import { oneLine } from "./call-subject.ts";
import { escapeHtml, type MessageContext, messageHtml, resultsOf } from "./html-message.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";
import { REDACTED, type Redaction } from "./redaction.ts";
import type { ExportBranch } from "./talk.ts";

const TITLE_LENGTH = 120;

/** The page, piece by piece: the whole of a long session never stands in memory. */
export async function* exportHtml(
  branch: ExportBranch,
  redaction: Redaction = REDACTED,
): AsyncGenerator<string> {
  const { renderMarkdown } = await import("./html-markdown.ts");
  const entries = mendBranch(branch.entries);
  const context: MessageContext = { results: resultsOf(entries), redaction, renderMarkdown };
  yield* headHtml(branch, redaction);
  let isOpen = false;
  let told = "";
  for (const entry of entries) {
    if (entry.type === "run_start") {
      if (isOpen) yield "</details>\n";
      yield runStart(entry, redaction);
      isOpen = true;
    } else if (entry.type === "message") {
      if (entry.message.role === "assistant") told = entry.message.error?.message ?? "";
      yield messageHtml(entry, context);
    } else {
      yield remark(entry, { redaction, told });
    }
  }
  if (isOpen) yield "</details>\n";
  yield `</main>\n<script>${PAGE_SCRIPT}</script>\n</body>\n</html>\n`;
}

function* headHtml({ header, state }: ExportBranch, redaction: Redaction): Generator<string> {
  const title = escapeHtml(
    redaction.text(oneLine(state.name || state.firstPrompt || "Session", TITLE_LENGTH)),
  );
  const facts = [header.time.slice(0, 10), header.cwd, state.model, ...state.runtimes];
  const words = facts.filter(Boolean).map((fact) => `<span>${escapeHtml(redaction.text(fact ?? ""))}</span>`);
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(PAGE_SCRIPT)}'`,
    `style-src '${hashOf(PAGE_STYLE)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${escapeHtml(header.writer)}">
<title>${title}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="facts">${words.join("\n")}</p>
<div class="tools" role="search">
<input id="search" type="search" placeholder="Search" aria-label="Search the conversation" autocomplete="off">
<output id="found" for="search"></output>
<button id="fold" type="button">Fold all</button>
<button id="unfold" type="button">Unfold all</button>
<button id="theme" type="button" aria-label="Light or dark">Theme</button>
</div>
</header>
<main>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function runStart(entry: Extract<StoredEntry, { type: "run_start" }>, redaction: Redaction): string {
  const prompt = escapeHtml(oneLine(redaction.text(entry.prompt), TITLE_LENGTH));
  const by = entry.runtime === "native" ? "" : ` <span class="by">${escapeHtml(entry.runtime)}</span>`;
  return `<details class="run" open>\n<summary>${timeHtml(entry.time)} ${prompt || "…"}${by}</summary>\n`;
}

function timeHtml(time: string): string {
  return `<time datetime="${escapeHtml(time)}">${escapeHtml(time.slice(0, 16).replace("T", " "))}</time>`;
}

/** What an answer told already is not told again. */
function withError(error: string | undefined, told: string): string {
  return error === undefined || error === told ? "" : `. ${error}`;
}

/** What happened beside the talk, in a line; "" for what is none of a reader's business. `told`: the last answer's error. */
function remark(entry: StoredEntry, { redaction, told }: { redaction: Redaction; told: string }): string {
  const line = (text: string): string => `<p class="remark">${escapeHtml(redaction.text(text))}</p>\n`;
  switch (entry.type) {
    case "compaction":
      return `<details class="remark"><summary>The talk so far was summed up</summary><pre>${escapeHtml(redaction.text(entry.summary))}</pre></details>\n`;
    case "runtime":
      return line(`${entry.runtime} takes over`);
    case "run_end":
      if (entry.outcome === "completed") return "";
      return line(`The run ended: ${entry.outcome}${withError(entry.error?.message, told)}`);
    case "notice":
      return entry.level === "info" ? "" : line(entry.message);
    default:
      return "";
  }
}
