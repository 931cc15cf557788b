// One turn of Codex in the words all agents share: its items and their pieces are put together. Pure.
import type { AgentUpdate, CallUpdate, PermissionRequest } from "../external/connection.ts";
import { retryUpdate } from "./failure.ts";
import { callOf, changedPaths } from "./item-view.ts";
import type { CodexNote, Item } from "./wire.ts";

type ItemNote = Extract<CodexNote, { type: "item" }>;
type DeltaNote = Extract<CodexNote, { type: "delta" }>;

export class CodexTurn {
  readonly #cwd: string;
  /** Calls that began, of threads of its helpers too. */
  readonly #items = new Map<string, Item>();
  readonly #ended = new Set<string>();
  /** Calls of other threads that we were asked about. */
  readonly #asked = new Set<string>();
  /** Of each text what was told in pieces so far. */
  readonly #told = new Map<string, string>();
  readonly #steers = new Set<string>();
  #tries = 0;

  /** `cwd`: paths inside it are told relative to it. */
  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /** A message of this id was handed into the turn. */
  sent(steerId: string): void {
    this.#steers.add(steerId);
  }

  /** `own`: it is of the conversation's thread, not of one that Codex opened for a helper. */
  take(note: CodexNote, own: boolean): AgentUpdate[] {
    switch (note.type) {
      case "item":
        return this.#takeItem(note, own);
      case "delta":
        return own || this.#asked.has(note.itemId) ? this.#takeDelta(note) : [];
      case "plan":
        return own ? [{ type: "plan", entries: note.entries }] : [];
      case "usage":
        return own ? [{ type: "response_end" }] : [];
      case "error":
        return own && note.willRetry ? [retryUpdate(note.error, this.#tries++)] : [];
      default:
        return [];
    }
  }

  #takeItem({ item, begins }: ItemNote, own: boolean): AgentUpdate[] {
    switch (item.type) {
      case "userMessage":
        return own ? this.#takenIn(item) : [];
      case "agentMessage":
      case "plan":
        return own && !begins ? this.#rest("text", item.id, item.text ?? "") : [];
      case "reasoning":
        return own && !begins ? this.#thoughts(item) : [];
      case "contextCompaction":
        return own && !begins ? [COMPACTED] : [];
      default:
        return this.#takeCall(item, begins, own);
    }
  }

  /** Told once, where its item begins: what follows knows it. */
  #takenIn({ clientId }: Item): AgentUpdate[] {
    if (clientId === undefined || !this.#steers.delete(clientId)) return [];
    return [{ type: "steered", id: clientId }];
  }

  #takeCall(item: Item, begins: boolean, own: boolean): AgentUpdate[] {
    const call = callOf(item, this.#cwd);
    if (!call) return [];
    const first = !this.#items.has(item.id);
    this.#items.set(item.id, item);
    if (!begins) this.#ended.add(item.id);
    if (!own && !this.#asked.has(item.id)) return [];
    const status = begins ? beganAs(item, call) : call.status === "failed" ? "failed" : "completed";
    const now: Pick<CallUpdate, "status"> = status === undefined ? {} : { status };
    return [{ type: "call", call: { ...call, ...now }, begins: begins && first && own }];
  }

  #takeDelta({ kind, itemId, part, text }: DeltaNote): AgentUpdate[] {
    if (kind !== "output") {
      const id = kind === "thinking" ? `${itemId}/${part}` : itemId;
      this.#told.set(id, (this.#told.get(id) ?? "") + text);
      return [{ type: kind, text, messageId: id }];
    }
    const item = this.#items.get(itemId);
    const call = item && callOf(item, this.#cwd);
    if (!call) return [];
    return [
      {
        type: "call",
        call: { id: itemId, naming: call.naming, status: "running", more: text },
        begins: false,
      },
    ];
  }

  /** What of a whole text was not told in pieces. */
  #rest(type: "text" | "thinking", messageId: string, whole: string): AgentUpdate[] {
    const told = this.#told.get(messageId) ?? "";
    this.#told.set(messageId, whole);
    if (whole === told || !whole.startsWith(told)) return [];
    return [{ type, text: whole.slice(told.length), messageId }];
  }

  #thoughts({ id, summary = [], content = [] }: Item): AgentUpdate[] {
    const parts = summary.length > 0 ? summary : content;
    return parts.flatMap((text, at) =>
      typeof text === "string" ? this.#rest("thinking", `${id}/${at}`, text) : [],
    );
  }

  /** A call of which Codex asks whether it may run; null where nothing of it is known. */
  asked(itemId: string): Pick<PermissionRequest, "call" | "tool"> | null {
    const item = this.#items.get(itemId);
    const call = item && callOf(item, this.#cwd);
    if (!item || !call) return null;
    this.#asked.add(itemId);
    if (item.type !== "fileChange") return { call, tool: null };
    const paths = changedPaths(item, this.#cwd);
    return { call, tool: { readOnly: false, kind: "edit", paths: () => paths } };
  }

  /** The newest call of a tool of an MCP server that has not ended: questions about one do not say which. */
  openMcpCall(server: string, tool: string): string | null {
    const open = [...this.#items.values()].findLast(
      (item) =>
        item.type === "mcpToolCall" &&
        item.server === server &&
        item.tool === tool &&
        !this.#ended.has(item.id) &&
        !this.#asked.has(item.id),
    );
    return open?.id ?? null;
  }

  /** Commands that have not ended. */
  openCommands(): string[] {
    const open = [...this.#items.values()].filter(
      ({ type, id }) => type === "commandExecution" && !this.#ended.has(id),
    );
    return open.map(({ id }) => id);
  }

  /** Of a turn that ended well: Codex lets its commands go on in the background. */
  leftRunning(): AgentUpdate[] {
    return this.openCommands().flatMap((id): AgentUpdate[] => {
      const item = this.#items.get(id);
      const call = item && callOf(item, this.#cwd);
      if (!call) return [];
      const more = "\n(it goes on in the background)";
      return [{ type: "call", call: { id, naming: call.naming, status: "completed", more }, begins: false }];
    });
  }
}

const COMPACTED: AgentUpdate = {
  type: "notice",
  level: "info",
  code: "runtime.compacted",
  message: "It has summed up the conversation so far to make room.",
};

/** A command that has its process is not waiting for us. */
function beganAs({ processId }: Item, { status }: CallUpdate): CallUpdate["status"] {
  return processId === undefined ? status : "running";
}
