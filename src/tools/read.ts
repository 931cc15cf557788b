// read: a text file or a part of it, or an image. Big files are read where needed, never whole.
import { AppError } from "../lib/app-error.ts";
import { binaryTypeName, imageMimeType } from "../lib/file-type.ts";
import { decodeText, detectBom } from "../lib/text-encoding.ts";
import { countLines, keepHead, OUTPUT_LIMITS } from "../lib/truncate.ts";
import type { Tool, ToolOutput } from "../protocol/tool.ts";
import type { Workspace } from "../sandbox/workspace.ts";
import { defineTool, textOutput } from "./define-tool.ts";
import { type ExistingFile, existingFile } from "./existing-file.ts";
import { optional, text, whole } from "./parameters.ts";
import { READ_DESCRIPTION, READ_LIMIT, READ_OFFSET, READ_PATH } from "./read.prompt.ts";
import type { ToolContext } from "./tool-context.ts";

/** Vendors refuse bigger images (Anthropic: 5 MB each). */
const MAX_IMAGE_BYTES = 5 * 1024 * 1024;
/** Up to here a file is held whole; beyond, only the lines asked for are. */
const MAX_WHOLE_BYTES = 10 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** The lines asked for; `total` is null where counting all lines would mean reading a huge file to its end. */
type Excerpt = { rest: string; offset: number; limit: number; total: number | null };

export function readTool({ workspace, state }: ToolContext): Tool {
  return defineTool({
    name: "read",
    description: READ_DESCRIPTION,
    kind: "read",
    parameters: {
      path: text(READ_PATH),
      offset: optional(whole(READ_OFFSET, { min: 1 })),
      limit: optional(whole(READ_LIMIT, { min: 1 })),
    },
    paths: ({ path }) => [path],
    execute: async ({ path, offset = 1, limit = OUTPUT_LIMITS.maxLines }, { signal }) => {
      const file = await existingFile(workspace, path);
      if (file.stat.size > MAX_WHOLE_BYTES) {
        const output = await readHuge(workspace, file, { offset, limit, signal });
        state.readLog.recordPart(file.path, file.stat);
        return output;
      }
      const bytes = await workspace.readFile(file.path);
      const output = imageOutput(file, bytes) ?? readWhole(file, bytes, offset, limit);
      state.readLog.record(file.path, bytes);
      return output;
    },
  });
}

function readWhole(file: ExistingFile, bytes: Uint8Array, offset: number, limit: number): ToolOutput {
  const decoded = decodeText(bytes);
  if (!decoded) throw notText(file, bytes);
  const whole = decoded.text.replaceAll("\r\n", "\n");
  const total = countLines(whole);
  const start = lineStart(whole, offset);
  if (start === null) throw pastEnd(file, offset, total);
  if (whole === "") return textOutput("[The file is empty.]", { summary: "empty" });
  const notice = decoded.lossy
    ? "\n[Some bytes are not valid UTF-8 and shown as \ufffd; edit and write refuse this file.]"
    : "";
  return excerptOutput(file, { rest: whole.slice(start), offset, limit, total }, notice);
}

async function readHuge(
  workspace: Workspace,
  file: ExistingFile,
  { offset, limit, signal }: { offset: number; limit: number; signal: AbortSignal },
): Promise<ToolOutput> {
  const head = await workspace.readRange(file.path, 0, 8000);
  const bom = detectBom(head);
  if (imageMimeType(head) || head.includes(0) || (bom && bom.encoding !== "utf8")) throw notText(file, head);
  const start = await findLine(workspace, file, { offset, from: bom?.bomLength ?? 0, signal });
  const bytes = await workspace.readRange(file.path, start, start + OUTPUT_LIMITS.maxBytes + 1);
  const rest = new TextDecoder().decode(bytes, { stream: true }).replaceAll("\r\n", "\n");
  const atEnd = start + bytes.length >= file.stat.size;
  return excerptOutput(
    file,
    { rest, offset, limit, total: atEnd ? offset - 1 + countLines(rest) : null },
    "",
  );
}

/** Where line `offset` begins, in bytes; throws `read.past_end` with the number of lines. */
async function findLine(
  workspace: Workspace,
  file: ExistingFile,
  { offset, from, signal }: { offset: number; from: number; signal: AbortSignal },
): Promise<number> {
  let line = 1;
  let position = from;
  let endsWithNewline = false;
  while (line < offset) {
    signal.throwIfAborted();
    const chunk = Buffer.from(await workspace.readRange(file.path, position, position + CHUNK_BYTES));
    if (chunk.length === 0) break;
    let at = chunk.indexOf(10);
    while (at !== -1 && ++line < offset) at = chunk.indexOf(10, at + 1);
    if (line === offset) return checkedStart(file, position + at + 1, offset);
    position += chunk.length;
    endsWithNewline = chunk.at(-1) === 10;
  }
  if (line < offset) throw pastEnd(file, offset, endsWithNewline ? line - 1 : line);
  return position;
}

function checkedStart(file: ExistingFile, start: number, offset: number): number {
  if (start >= file.stat.size) throw pastEnd(file, offset, offset - 1);
  return start;
}

function excerptOutput(
  file: ExistingFile,
  { rest, offset, limit, total }: Excerpt,
  notice: string,
): ToolOutput {
  const maxLines = Math.min(limit, OUTPUT_LIMITS.maxLines);
  const kept = keepHead(rest, { maxBytes: OUTPUT_LIMITS.maxBytes, maxLines });
  const last = offset + kept.lines - 1;
  const more = total === null || last < total;
  const notices: string[] = [];
  if (kept.partial) {
    notices.push(
      `[Line ${offset} is longer than 50 KB: only its beginning is shown, the rest of the line is not reachable by offset. Use bash, for example: sed -n ${offset}p FILE | cut -c 50000-99999]`,
    );
  }
  if (more || offset > 1) {
    const next = more ? ` Go on with offset=${last + 1}.` : "";
    notices.push(`[Lines ${offset}-${last} of ${total ?? "many"} in ${file.name}.${next}]`);
  }
  const shown = kept.text + (notices.length > 0 && !kept.text.endsWith("\n") ? "\n" : "");
  return textOutput(shown + notices.join("\n") + notice, {
    summary: `${kept.lines} ${kept.lines === 1 ? "line" : "lines"}`,
    // For who looks whether a later read shows the same.
    lines: { first: offset, last, toEnd: !more && !kept.partial },
  });
}

function imageOutput({ name }: ExistingFile, bytes: Uint8Array): ToolOutput | null {
  const mimeType = imageMimeType(bytes);
  if (!mimeType) return null;
  if (bytes.length > MAX_IMAGE_BYTES) {
    throw new AppError(
      "read.image_too_big",
      `${name} is an image of ${bytes.length} bytes; 5 MB is the limit.`,
      {
        hint: "Make a smaller copy of it with bash and read that.",
      },
    );
  }
  return {
    content: [
      { type: "text", text: `[Image ${name}, ${mimeType}, ${bytes.length} bytes]` },
      { type: "image", mimeType, data: Buffer.from(bytes).toString("base64") },
    ],
    details: { summary: "image" },
  };
}

function notText({ name, stat }: ExistingFile, bytes: Uint8Array): AppError {
  const type = binaryTypeName(bytes);
  return new AppError("read.binary", `${name} is no text: ${type}, ${stat.size} bytes.`, {
    hint: "Use bash with a program that understands it (file, xxd, strings, unzip -l, pdftotext, ...).",
  });
}

function pastEnd({ name }: ExistingFile, offset: number, total: number): AppError {
  const lines = `${total} ${total === 1 ? "line" : "lines"}`;
  return new AppError("read.past_end", `offset ${offset} is past the end: ${name} has ${lines}.`);
}

/** Where line `number` begins; null past the last line. Line 1 is always there. */
function lineStart(whole: string, number: number): number | null {
  let start = 0;
  for (let line = 1; line < number; line++) {
    const newline = whole.indexOf("\n", start);
    if (newline === -1 || newline + 1 === whole.length) return null;
    start = newline + 1;
  }
  return start;
}
