// The calls of an agent's sub-agents: shown under the call that began them. Only that call is part of the talk, so they
// are on no record but the audit log's.
import { post } from "../../agent/post.ts";
import { keepTail } from "../../lib/truncate.ts";
import type { EmitEvent } from "../../protocol/event.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import type { CallUpdate, ToolNaming } from "./connection.ts";
import { diffDetails } from "./diff-details.ts";

export type NestedCallsOptions = {
  cwd: string;
  emit: EmitEvent;
  now: () => number;
  /** Told of each call that ran without the gate having been asked. */
  onUnasked: (call: { id: string; naming: ToolNaming }) => void;
};

type Nested = {
  parentId: string;
  naming: ToolNaming;
  startedMs: number | null;
  judged: boolean;
  ended: boolean;
};

export class NestedCalls {
  readonly #options: NestedCallsOptions;
  readonly #calls = new Map<string, Nested>();

  constructor(options: NestedCallsOptions) {
    this.#options = options;
  }

  async take(update: CallUpdate & { parentId: string }): Promise<void> {
    const call = this.#upsert(update);
    const { status, output = "" } = update;
    if (call.ended || (status !== "completed" && status !== "failed")) return;
    const diff = await diffDetails(update.diffs ?? [], this.#options.cwd);
    const isError = status === "failed";
    this.#end(update.id, { isError, text: keepTail(output).text, details: { ...diff, ...update.details } });
  }

  /** The call a permission is asked for; null when it is over already. */
  announce(update: CallUpdate & { parentId: string }): { id: string; naming: ToolNaming } | null {
    const call = this.#upsert(update);
    if (call.ended) return null;
    call.judged = true;
    return { id: update.id, naming: call.naming };
  }

  start(id: string): void {
    const call = this.#calls.get(id);
    if (!call || call.startedMs !== null) return;
    call.startedMs = this.#options.now();
    const { naming, parentId: parentToolCallId } = call;
    post(this.#options.emit, { type: "tool_start", toolCallId: id, ...naming, parentToolCallId });
  }

  refuse(id: string, text: string, details: ToolDetails): void {
    this.#end(id, { isError: true, text, details });
  }

  /** Ends what is open. */
  finish(text: string): void {
    for (const [id, { ended, startedMs }] of this.#calls) {
      if (!ended && startedMs !== null) this.#end(id, { isError: true, text, details: {} });
    }
  }

  #upsert({ id, naming, parentId }: CallUpdate & { parentId: string }): Nested {
    const known = this.#calls.get(id);
    if (known) known.naming = naming;
    const call = known ?? { parentId, naming, startedMs: null, judged: false, ended: false };
    this.#calls.set(id, call);
    return call;
  }

  #end(id: string, end: { isError: boolean; text: string; details: ToolDetails }): void {
    const call = this.#calls.get(id);
    if (!call || call.ended) return;
    this.start(id);
    call.ended = true;
    const { naming, parentId: parentToolCallId } = call;
    if (!call.judged) this.#options.onUnasked({ id, naming });
    const durationMs = this.#options.now() - (call.startedMs ?? this.#options.now());
    post(this.#options.emit, {
      type: "tool_end",
      toolCallId: id,
      name: naming.name,
      isError: end.isError,
      content: [{ type: "text", text: end.text || "(no output)" }],
      details: { durationMs, ...end.details },
      parentToolCallId,
    });
  }
}
