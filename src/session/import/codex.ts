// Codex's rollouts (~/.codex/sessions/YYYY/MM/DD/rollout-*.jsonl): items of the Responses API as they were sent and
// received, with events of the program between them. From the bare items of early 2025 to version 0.169.
import type { OutputContent } from "../../protocol/content.ts";
import type { Message } from "../../protocol/message.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import type { Usage } from "../../protocol/usage.ts";
import { codexAnswerPart, codexInput, codexPatch, codexResult, codexUsage, isPrompt } from "./codex-items.ts";
import { type Fields, fieldsOf, inner, isoTime, textIn, textOrNull } from "./fields.ts";
import { answerOf, exitDetails, modelName, shellLine, text, toolResult } from "./foreign-parts.ts";
import type { ForeignReader, ImportItem } from "./import-item.ts";

/** One response of the model and the results of its calls. `closed`: its usage was told, what comes is another one. */
type Step = {
  time: string | null;
  content: OutputContent[];
  usage: Usage | null;
  /** Of what the model's own service did. */
  served: { time: string | null; message: Message }[];
  results: { time: string | null; message: Message }[];
  closed: boolean;
};

/** Lines and events that repeat what an item says, or say something of the program. */
const LEFT_OUT = new Set(
  (
    "world_state task_started task_complete turn_started turn_complete user_message agent_message agent_reasoning " +
    "agent_reasoning_raw_content agent_reasoning_section_break item_started item_completed thread_settings_applied " +
    "exec_command_begin exec_command_end exec_command_output_delta patch_apply_begin mcp_tool_call_begin " +
    "mcp_tool_call_end web_search_begin web_search_end view_image_tool_call background_event warning turn_diff " +
    "context_compacted session_configured entered_review_mode exited_review_mode plan_update ghost_snapshot " +
    "compaction compaction_trigger context_compaction stream_error dynamic_tool_call_request thread_name_updated " +
    "dynamic_tool_call_response collab_agent_spawn_begin collab_agent_spawn_end tool_search_call tool_search_output " +
    "collab_agent_interaction_begin collab_agent_interaction_end collab_waiting_begin collab_waiting_end " +
    "collab_close_begin collab_close_end image_generation_begin image_generation_end other"
  ).split(" "),
);

export class CodexReader implements ForeignReader {
  #step: Step | null = null;
  #names = new Map<string, string>();
  #patches = new Map<string, ToolDetails>();
  #model = "";
  #vendor = "";
  #hasFacts = false;
  /** Some versions write a record of usage for each response; the events beside it repeat that. */
  #hasRecords = false;
  #refs = 0;
  #last: string | null = null;
  /** Where each prompt began, newest last, for rolling back. */
  #turns: (string | null)[] = [];
  /** Set after a rollback: what the next item follows. */
  #after: string | null | undefined;

  take(value: unknown): ImportItem[] {
    const line = fieldsOf(value);
    if (line === null) return [{ kind: "unknown", what: "no object" }];
    const time = isoTime(line.timestamp);
    const type = textIn(line, "type");
    const payload = fieldsOf(line.payload);
    if (payload === null) return this.#takeBare(line, type);
    switch (type) {
      case "session_meta":
        return this.#takeMeta(payload, time);
      case "turn_context":
        this.#model = textIn(payload, "model") || this.#model;
        return [leftOut(type)];
      case "response_item":
        return this.#takeItem(payload, time);
      case "event_msg":
        return this.#takeEvent(payload);
      case "token_usage_record":
        this.#hasRecords = true;
        return this.#closeStep(codexUsage(inner(payload, "usage")));
      case "compacted":
        return this.#takeCompaction(payload, time);
      default:
        return [LEFT_OUT.has(type) ? leftOut(type) : { kind: "unknown", what: type || "no type" }];
    }
  }

  end(): ImportItem[] {
    return this.#flush();
  }

  /** The oldest files: the first line is the session's, the others are items without a frame. */
  #takeBare(line: Fields, type: string): ImportItem[] {
    if (type === "" && textIn(line, "id") !== "" && textIn(line, "timestamp") !== "") {
      return this.#takeMeta(line, isoTime(line.timestamp));
    }
    if (type === "" && "record_type" in line) return [leftOut(textIn(line, "record_type"))];
    return this.#takeItem(line, isoTime(line.timestamp));
  }

  /** Of a fork, the lines of the original follow with its own first line: the first one counts. */
  #takeMeta(meta: Fields, time: string | null): ImportItem[] {
    if (this.#hasFacts) return [leftOut("session_meta")];
    this.#hasFacts = true;
    this.#vendor = textIn(meta, "model_provider") || "openai";
    const id = textOrNull(meta, "id") ?? textOrNull(meta, "session_id");
    const facts = { id, cwd: textOrNull(meta, "cwd"), time: isoTime(meta.timestamp) ?? time };
    return [{ kind: "facts", facts }];
  }

  #takeItem(item: Fields, time: string | null): ImportItem[] {
    const type = textIn(item, "type");
    if (type === "message") return this.#takeMessage(item, time);
    if (type === "function_call_output" || type === "custom_tool_call_output")
      return this.#takeResult(item, time);
    if (type === "local_shell_call_output") return this.#takeResult(item, time);
    const parts = codexAnswerPart(item);
    if (parts !== null) return this.#answer(parts, time, type);
    return [LEFT_OUT.has(type) ? leftOut(type) : { kind: "unknown", what: type || "no type" }];
  }

  #takeMessage(item: Fields, time: string | null): ImportItem[] {
    const role = textIn(item, "role");
    if (role === "assistant") {
      const words = codexInput(item).flatMap((part) => (part.type === "text" ? [part.text] : []));
      return this.#answer([{ type: "text", text: words.join("\n") }], time, role);
    }
    if (role !== "user") return [leftOut(`${role} message`)];
    const content = codexInput(item);
    const first = content[0];
    const shell =
      first?.type === "text"
        ? /^<user_shell_command>\s*<command>([\s\S]*?)<\/command>/.exec(first.text)
        : null;
    if (shell)
      return this.#put({
        kind: "message",
        time,
        message: shellLine(shell[1]?.trim() ?? "", shellOutput(first), null),
      });
    if (!isPrompt(item, content)) return [leftOut("context of the program")];
    const before = this.#flush();
    this.#turns.push(this.#after === undefined ? this.#last : this.#after);
    return [...before, ...this.#put({ kind: "prompt", time, content })];
  }

  #answer(parts: OutputContent[], time: string | null, what: string): ImportItem[] {
    if (parts.length === 0) return [leftOut(what)];
    const goesOn = this.#step !== null && !this.#step.closed && this.#step.results.length === 0;
    const before = goesOn ? [] : this.#flush();
    const step = this.#openStep(time);
    step.content.push(...parts);
    for (const part of parts) if (part.type === "tool_call") this.#names.set(part.id, part.name);
    if (what === "web_search_call" || what === "image_generation_call") {
      for (const part of parts) {
        if (part.type === "tool_call") step.served.push({ time, message: served(part.id, part.name) });
      }
    }
    return before;
  }

  #takeResult(item: Fields, time: string | null): ImportItem[] {
    const id = textIn(item, "call_id");
    const { content, exitCode, isError } = codexResult(item);
    const details = this.#patches.get(id) ?? exitDetails(exitCode);
    this.#addResult(time, toolResult({ id, name: this.#names.get(id) ?? "", content, isError, details }));
    return [];
  }

  #addResult(time: string | null, message: Message): void {
    const step = this.#openStep(time);
    step.results.push({ time, message });
  }

  #openStep(time: string | null): Step {
    this.#step ??= { time, content: [], usage: null, served: [], results: [], closed: false };
    return this.#step;
  }

  #takeEvent(event: Fields): ImportItem[] {
    const type = textIn(event, "type");
    switch (type) {
      case "token_count": {
        const info = inner(event, "info");
        if (this.#hasRecords || !("last_token_usage" in info)) return [leftOut(type)];
        return this.#closeStep(codexUsage(inner(info, "last_token_usage")));
      }
      case "turn_aborted":
        return [...this.#flush(), { kind: "outcome", outcome: "interrupted" }];
      case "error": {
        const error = { code: "import.answer", message: textIn(event, "message") };
        return [...this.#flush(), { kind: "outcome", outcome: "failed", error }];
      }
      case "thread_rolled_back":
        return this.#rollBack(typeof event.num_turns === "number" ? event.num_turns : 0);
      case "thread_name_updated":
        return [{ kind: "facts", facts: { name: textOrNull(event, "thread_name") } }];
      case "patch_apply_end": {
        const patch = codexPatch(inner(event, "changes"));
        if (patch) this.#patches.set(textIn(event, "call_id"), patch);
        return [leftOut(type)];
      }
      default:
        return [LEFT_OUT.has(type) ? leftOut(type) : { kind: "unknown", what: type || "no type" }];
    }
  }

  #closeStep(usage: Usage): ImportItem[] {
    if (this.#step && this.#step.usage === null) {
      this.#step.usage = usage;
      this.#step.closed = true;
    }
    return [leftOut("usage")];
  }

  /** The newest turns were taken back: what follows is another branch. */
  #rollBack(count: number): ImportItem[] {
    const before = this.#flush();
    for (let turn = 0; turn < count && this.#turns.length > 0; turn++)
      this.#after = this.#turns.pop() ?? null;
    return before;
  }

  /** A summary that is encrypted leaves nothing to show, and the talk before it is all here. */
  #takeCompaction(payload: Fields, time: string | null): ImportItem[] {
    const summary = textIn(payload, "message");
    const before = this.#flush();
    if (summary === "") return [...before, leftOut("compacted")];
    return [...before, ...this.#put({ kind: "compaction", time, summary, firstKept: null, tokensBefore: 0 })];
  }

  #flush(): ImportItem[] {
    const step = this.#step;
    this.#step = null;
    if (!step) return [];
    const { time, content, usage } = step;
    const model = modelName(this.#vendor, this.#model);
    const answer = answerOf({ agent: "codex", content, model, ...(usage === null ? {} : { usage }) });
    return [
      ...(content.length > 0 ? this.#put({ kind: "message", time, message: answer }) : []),
      ...[...step.served, ...step.results].flatMap((result) => this.#put({ kind: "message", ...result })),
    ];
  }

  /** The item in its place. */
  #put(item: Extract<ImportItem, { time: string | null }>): ImportItem[] {
    const ref = `${++this.#refs}`;
    const after = this.#after;
    this.#after = undefined;
    this.#last = ref;
    return [{ ...item, ref, ...(after === undefined ? {} : { after }) }];
  }
}

/** What the model's own service did leaves no result of ours. */
function served(id: string, name: string): Message {
  return toolResult({ id, name, content: [text("(done by the model's service)")], isError: false });
}

function shellOutput(part: { type: string; text?: string } | undefined): string {
  return /<result>([\s\S]*?)<\/result>/.exec(part?.text ?? "")?.[1]?.trim() ?? "";
}

function leftOut(what: string): ImportItem {
  return { kind: "left_out", what };
}
