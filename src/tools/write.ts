// write: a whole file, atomically. A file that is there keeps its mode, byte order mark and line ends.
import { AppError } from "../lib/app-error.ts";
import { displayPath } from "../lib/paths.ts";
import { type DecodedText, encodeText } from "../lib/text-encoding.ts";
import { countLines } from "../lib/truncate.ts";
import type { Tool } from "../protocol/tool.ts";
import { defineTool, textOutput } from "./define-tool.ts";
import { changeableText, existingFile } from "./existing-file.ts";
import { fileDiff } from "./file-diff.ts";
import { text } from "./parameters.ts";
import type { ToolContext } from "./tool-context.ts";
import { WRITE_CONTENT, WRITE_DESCRIPTION, WRITE_PATH } from "./write.prompt.ts";

export function writeTool(context: ToolContext): Tool {
  const { workspace, state } = context;
  return defineTool({
    name: "write",
    description: WRITE_DESCRIPTION,
    kind: "edit",
    parameters: { path: text(WRITE_PATH), content: text(WRITE_CONTENT) },
    paths: ({ path }) => [path],
    change: async ({ path, content }) => {
      const real = await workspace.resolve(path);
      const before = (await workspace.stat(real)) ? await knownContent(context, path) : null;
      const name = displayPath(workspace.root, real);
      const after = before ? withLineEndsOf(before.text, content) : content;
      return { name, before: before?.text ?? null, after };
    },
    execute: async ({ path, content }, { signal }) => {
      const real = await workspace.resolve(path);
      const name = displayPath(workspace.root, real);
      const before = (await workspace.stat(real)) ? await knownContent(context, path) : null;
      const bytes = before ? encodeText(withLineEndsOf(before.text, content), before) : Buffer.from(content);
      signal.throwIfAborted();
      await workspace.writeFile(real, bytes);
      state.readLog.record(real, bytes);
      const lines = countLines(content);
      const diff = await fileDiff(name, before?.text ?? null, content);
      const summary = diff ? `+${diff.added} -${diff.removed}` : `${lines} lines`;
      return textOutput(`${before ? "Replaced" : "Created"} ${name} (${lines} lines).`, {
        summary,
        ...(diff ? { diff } : {}),
      });
    },
  });
}

/** The content of the file that is there; throws when it changed since the model read it. */
async function knownContent({ workspace, state }: ToolContext, given: string): Promise<DecodedText> {
  const file = await existingFile(workspace, given);
  const { bytes, decoded } = await changeableText(workspace, file);
  if (state.readLog.state(file.path, bytes, file.stat) !== "changed") return decoded;
  throw new AppError("file.changed", `${file.name} changed since it was last read; nothing was written.`, {
    hint: "Read it again first.",
  });
}

function withLineEndsOf(before: string, content: string): string {
  const allCrlf = before.includes("\r\n") && !/(^|[^\r])\n/.test(before);
  return allCrlf ? content.replace(/\r?\n/g, "\r\n") : content;
}
