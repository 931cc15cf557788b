// opencode's sessions: messages of parts, from its database, from its folder of JSON files, or as `opencode export`
// prints them. Every value is {info} of the session or {info, parts} of a message, in order.
import type { InputContent, OutputContent } from "../../protocol/content.ts";
import type { Message, StopReason } from "../../protocol/message.ts";
import type { ToolDetails } from "../../protocol/tool.ts";
import type { Usage } from "../../protocol/usage.ts";
import {
  countIn,
  dataUrlImage,
  type Fields,
  fieldsOf,
  inner,
  isoTime,
  objectsIn,
  textIn,
  textOrNull,
} from "./fields.ts";
import {
  answerOf,
  diffDetails,
  exitDetails,
  modelName,
  notice,
  text,
  toolCall,
  toolResult,
} from "./foreign-parts.ts";
import type { ForeignReader, ImportItem } from "./import-item.ts";

/** One response of the model: opencode's messages may hold several, each between two marks. */
type Step = { content: OutputContent[]; results: Message[]; usage: Usage | null };

const MARKS = new Set(["snapshot", "patch", "agent", "retry", "compaction", "subtask"]);

export class OpencodeReader implements ForeignReader {
  #last: string | null = null;
  /** The message that the session was taken back to, and where it began. */
  #revertTo: string | null = null;
  #leaf: string | null | undefined;
  #refs = 0;

  take(value: unknown): ImportItem[] {
    const record = fieldsOf(value);
    const info = record && fieldsOf(record.info);
    if (!record || !info) return [{ kind: "unknown", what: "no message" }];
    if (!Array.isArray(record.parts) || !("role" in info)) return this.#takeSession(info);
    if (textIn(info, "id") === this.#revertTo && this.#revertTo !== null) this.#leaf = this.#last;
    const parts = objectsIn(record, "parts");
    if (info.role === "user") return this.#takePrompt(info, parts);
    if (info.role === "assistant") return this.#takeAnswer(info, parts);
    return [{ kind: "unknown", what: `message of ${textIn(info, "role")}` }];
  }

  end(): ImportItem[] {
    return this.#leaf === undefined ? [] : [{ kind: "leaf", after: this.#leaf }];
  }

  #takeSession(info: Fields): ImportItem[] {
    this.#revertTo = textOrNull(inner(info, "revert"), "messageID");
    const title = textIn(info, "title");
    const facts = {
      id: textOrNull(info, "id"),
      cwd: textOrNull(info, "directory"),
      time: isoTime(inner(info, "time").created),
      name: /^(?:New|Child) session - \d/.test(title) ? null : title || null,
    };
    return [{ kind: "facts", facts }];
  }

  #takePrompt(info: Fields, parts: readonly Fields[]): ImportItem[] {
    const time = isoTime(inner(info, "time").created);
    const said = parts.filter((part) => part.synthetic !== true).flatMap(promptPart);
    const added = parts.filter((part) => part.synthetic === true).flatMap(promptPart);
    const unknown = unknownParts(parts, new Set(["text", "file"]));
    if (said.length === 0) {
      return [
        ...unknown,
        ...(added.length > 0 ? this.#put({ kind: "message", time, message: notice(added) }) : []),
      ];
    }
    return [...unknown, ...this.#put({ kind: "prompt", time, content: [...said, ...added] })];
  }

  #takeAnswer(info: Fields, parts: readonly Fields[]): ImportItem[] {
    const time = isoTime(inner(info, "time").created);
    if (info.summary === true) return this.#takeSummary(parts, time);
    const unknown = unknownParts(
      parts,
      new Set(["text", "reasoning", "tool", "file", "step-start", "step-finish"]),
    );
    const steps = stepsOf(parts);
    const failure = failureOf(info);
    if (steps.length === 0 && failure) steps.push({ content: [], results: [], usage: null });
    const model = modelName(textIn(info, "providerID"), textIn(info, "modelID"));
    const items = steps.flatMap((step, index) => {
      const isLast = index === steps.length - 1;
      const usage = step.usage ?? (steps.length === 1 ? usageOf(info) : undefined);
      const answer = answerOf({
        agent: "opencode",
        content: step.content,
        model,
        usage,
        ...(isLast && failure ? failure : {}),
        ...(isLast && !failure && info.finish === "length" ? { stopReason: "length" as const } : {}),
      });
      return [answer, ...step.results].flatMap((message) => this.#put({ kind: "message", time, message }));
    });
    return [...unknown, ...items];
  }

  #takeSummary(parts: readonly Fields[], time: string | null): ImportItem[] {
    const summary = parts.flatMap((part) => (part.type === "text" ? [textIn(part, "text")] : [])).join("\n");
    if (summary === "") return [{ kind: "left_out", what: "compaction" }];
    return this.#put({ kind: "compaction", time, summary, firstKept: null, tokensBefore: 0 });
  }

  #put(item: Extract<ImportItem, { time: string | null }>): ImportItem[] {
    const ref = `${++this.#refs}`;
    this.#last = ref;
    return [{ ...item, ref }];
  }
}

function unknownParts(parts: readonly Fields[], known: ReadonlySet<string>): ImportItem[] {
  return parts.flatMap((part): ImportItem[] => {
    const type = textIn(part, "type");
    if (known.has(type)) return [];
    return [MARKS.has(type) ? { kind: "left_out", what: type } : { kind: "unknown", what: `part ${type}` }];
  });
}

function promptPart(part: Fields): InputContent[] {
  if (part.type === "text") return textIn(part, "text") === "" ? [] : [text(textIn(part, "text"))];
  if (part.type !== "file") return [];
  const url = textIn(part, "url");
  return [dataUrlImage(url) ?? text(`(file: ${textIn(part, "filename") || url.slice(0, 200)})`)];
}

function stepsOf(parts: readonly Fields[]): Step[] {
  const steps: Step[] = [];
  let open: Step | null = null;
  for (const part of parts) {
    if (part.type === "step-finish") {
      if (open) open.usage = usageOf(part);
      open = null;
      continue;
    }
    const added = stepPart(part);
    if (added === null) continue;
    if (!open) {
      open = { content: [], results: [], usage: null };
      steps.push(open);
    }
    open.content.push(...added.content);
    open.results.push(...added.results);
  }
  return steps;
}

/** null: no part of the talk. */
function stepPart(part: Fields): Pick<Step, "content" | "results"> | null {
  const words = textIn(part, "text");
  switch (part.type) {
    case "text":
      return words === "" ? null : { content: [{ type: "text", text: words }], results: [] };
    case "reasoning":
      return words === "" ? null : { content: [{ type: "thinking", text: words }], results: [] };
    case "tool":
      return toolPart(part);
    default:
      return null;
  }
}

function toolPart(part: Fields): Pick<Step, "content" | "results"> {
  const [id, name, state] = [textIn(part, "callID"), textIn(part, "tool"), inner(part, "state")];
  const content: OutputContent[] = [toolCall(id, name, state.input)];
  const status = textIn(state, "status");
  if (status !== "completed" && status !== "error") return { content, results: [] };
  const isError = status === "error";
  const words = isError ? textIn(state, "error") : textIn(state, "output");
  const files = objectsIn(state, "attachments").flatMap(promptPart);
  const result = toolResult({
    id,
    name,
    content: [...(words === "" ? [] : [text(words)]), ...files],
    isError,
    details: toolDetails(state),
  });
  return { content, results: [result] };
}

function toolDetails(state: Fields): ToolDetails | undefined {
  const metadata = inner(state, "metadata");
  const patch = textIn(metadata, "diff");
  const start = patch.search(/^@@ /m);
  if (start >= 0) {
    const path = textIn(inner(metadata, "filediff"), "file") || textIn(inner(state, "input"), "filePath");
    return diffDetails(path, patch.slice(start).trimEnd());
  }
  return exitDetails(typeof metadata.exit === "number" ? metadata.exit : null);
}

function failureOf(info: Fields): { stopReason: StopReason; error: string } | null {
  const error = fieldsOf(info.error);
  if (!error) return null;
  const name = textIn(error, "name");
  const message = textIn(inner(error, "data"), "message") || name;
  return { stopReason: name === "MessageAbortedError" ? "aborted" : "error", error: message };
}

/** Of a message or of the mark at the end of a step. The output does not count what was thought. */
function usageOf(fields: Fields): Usage {
  const tokens = inner(fields, "tokens");
  const cache = inner(tokens, "cache");
  const reasoning = countIn(tokens, "reasoning");
  return {
    input: countIn(tokens, "input"),
    output: countIn(tokens, "output") + reasoning,
    cacheRead: countIn(cache, "read"),
    cacheWrite: countIn(cache, "write"),
    reasoning,
    cost: typeof fields.cost === "number" ? fields.cost : null,
  };
}
