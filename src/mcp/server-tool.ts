// A tool of an MCP server as one of ours. What it says of itself is not believed: each call is asked about.
import type { CallToolResult, Tool as ServerTool } from "@modelcontextprotocol/client";
import { keepHead } from "../lib/truncate.ts";
import type { InputContent } from "../protocol/content.ts";
import type { Tool, ToolOutput } from "../protocol/tool.ts";
import type { ServerConnection } from "./connect-server.ts";

/** What every vendor takes as the name of a tool. */
const MOST_NAME_LENGTH = 64;

/** `mcp__SERVER__TOOL`, in letters that every vendor takes. */
export function serverToolName(server: string, tool: string): string {
  return `mcp__${plain(server)}__${plain(tool)}`.slice(0, MOST_NAME_LENGTH);
}

export function serverTool(connection: ServerConnection, tool: ServerTool): Tool {
  const { $schema: _dialect, ...parameters } = tool.inputSchema;
  return {
    name: serverToolName(connection.name, tool.name),
    description: tool.description ?? tool.title ?? tool.name,
    parameters,
    // `readOnlyHint` is the server's own word, which decides nothing.
    readOnly: false,
    kind: "edit",
    parse: (args) => args,
    execute: async (args, { signal, onUpdate }) =>
      output(await connection.call(tool.name, args, { signal, onProgress: onUpdate })),
  };
}

function plain(name: string): string {
  return name.replace(/[^\w-]/g, "_");
}

function output({ content, structuredContent, isError }: CallToolResult): ToolOutput {
  const parts = content.map(inputContent);
  const only = structuredContent === undefined ? [] : [text(JSON.stringify(structuredContent))];
  return { content: bounded(parts.length > 0 ? parts : only), isError: isError === true };
}

function inputContent(part: CallToolResult["content"][number]): InputContent {
  switch (part.type) {
    case "text":
      return text(part.text);
    case "image":
      return { type: "image", mimeType: part.mimeType, data: part.data };
    case "audio":
      return text("[audio]");
    case "resource_link":
      return text(`[${part.name}](${part.uri})`);
    case "resource":
      return text("text" in part.resource ? part.resource.text : `[${part.resource.uri}]`);
  }
}

/** All texts together within what one call may show a model. */
function bounded(parts: readonly InputContent[]): InputContent[] {
  const whole = parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  const kept = keepHead(whole);
  const images = parts.filter(({ type }) => type === "image");
  const notice = kept.cut ? "\n[Output cut: the rest was not kept.]" : "";
  return [...(whole === "" ? [] : [text(kept.text + notice)]), ...images];
}

function text(words: string): InputContent {
  return { type: "text", text: words };
}
