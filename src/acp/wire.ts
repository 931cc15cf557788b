// The protocol's types under the names this room uses. Types only: the library itself is loaded by serve.
import type {
  AgentContext,
  ClientCapabilities,
  ContentBlock,
  PromptResponse,
  SessionConfigOption,
  SessionModeState,
  SessionUpdate,
  ToolCallContent,
  ToolCallLocation,
  ToolKind,
} from "@agentclientprotocol/sdk/unstable";

export type {
  ContentBlock,
  PromptResponse,
  SessionConfigOption,
  SessionModeState,
  SessionUpdate,
  ToolCallContent,
  ToolCallLocation,
  ToolKind,
};

/** The program at the other end. */
export type Client = Pick<AgentContext, "request" | "notify">;

/** What the client lends and understands, as far as it matters here. */
export type ClientFeatures = {
  readText: boolean;
  writeText: boolean;
  terminals: boolean;
  notices: boolean;
  compactions: boolean;
};

/** `lends` false: the client's files and terminals are left alone (`hearth acp --no-editor`). */
export function clientFeatures(
  capabilities: ClientCapabilities | undefined,
  { lends }: { lends: boolean },
): ClientFeatures {
  const { fs, terminal, session } = capabilities ?? {};
  return {
    readText: lends && fs?.readTextFile === true,
    writeText: lends && fs?.writeTextFile === true,
    terminals: lends && terminal === true,
    notices: isGiven(session?.notices),
    compactions: isGiven(session?.compaction),
  };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
