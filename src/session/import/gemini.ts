// Gemini CLI's sessions (~/.gemini/tmp/<project>/chats/session-*.json and .jsonl, and checkpoints of /chat save): messages by
// id, which later lines write anew; `$set` for facts, `$rewindTo` for what was taken back. As versions to 0.61 write it.
import type { InputContent, OutputContent } from "../../protocol/content.ts";
import type { AssistantMessage, Message } from "../../protocol/message.ts";
import {
  type Fields,
  fieldsIn,
  fieldsOf,
  inner,
  isoTime,
  listIn,
  objectsIn,
  textIn,
  textOrNull,
} from "./fields.ts";
import { answerOf, modelName, toolCall, toolResult } from "./foreign-parts.ts";
import {
  callDetails,
  geminiInput,
  geminiUsage,
  responses,
  resultContent,
  thoughtText,
  workspaceOf,
} from "./gemini-parts.ts";
import type { ForeignReader, ImportItem } from "./import-item.ts";

/** Fields of the document or of `$set` that tell nothing of the talk. */
const KNOWN_FACTS = new Set(
  "sessionId projectHash startTime lastUpdated kind directories summary memoryScratchpad messages history".split(
    " ",
  ),
);

export class GeminiReader implements ForeignReader {
  /** The newest message, held until the next one comes: it may be written anew with what was missing. */
  #held: Fields | null = null;
  /** The calls of the one that is held, where they stand in a message of their own. */
  #joined: Fields | null = null;
  /** Where each message began, by its id: what a rewind goes back to. */
  #before = new Map<string, string | null>();
  /** Calls that are in the talk, and those of them that have their result. */
  #called = new Set<string>();
  #answered = new Set<string>();
  #last: string | null = null;
  #refs = 0;
  #after: string | null | undefined;

  take(value: unknown): ImportItem[] {
    const record = fieldsOf(value);
    if (record === null) return [{ kind: "unknown", what: "no object" }];
    if (typeof record.$rewindTo === "string") return this.#rewind(record.$rewindTo);
    const set = fieldsOf(record.$set);
    if (set) return [...this.#facts(set), ...this.#takeAll(listIn(set, "messages"))];
    if (typeof record.role === "string") return this.#takeCheckpoint(record);
    if (typeof record.id === "string" && typeof record.type === "string") return this.#takeMessage(record);
    if ("sessionId" in record || "messages" in record || "history" in record || "authType" in record) {
      return [...this.#facts(record), ...this.#takeAll(listIn(record, "messages"))];
    }
    return [{ kind: "unknown", what: textIn(record, "type") || "no message" }];
  }

  end(): ImportItem[] {
    return this.#flush();
  }

  #facts(fields: Fields): ImportItem[] {
    const directory = listIn(fields, "directories")[0];
    const facts = {
      id: textOrNull(fields, "sessionId"),
      time: isoTime(fields.startTime),
      name: textOrNull(fields, "summary"),
      cwd: typeof directory === "string" ? directory : null,
    };
    const odd = Object.keys(fields).filter((name) => !KNOWN_FACTS.has(name));
    return [{ kind: "facts", facts }, ...odd.map((name) => ({ kind: "left_out", what: name }) as const)];
  }

  /** The whole talk written anew: what is there already stays, the rest follows the newest of it. */
  #takeAll(values: readonly unknown[]): ImportItem[] {
    const items: ImportItem[] = [];
    for (const value of values) {
      const message = fieldsOf(value);
      if (message && !this.#before.has(textIn(message, "id"))) items.push(...this.#takeMessage(message));
    }
    return items;
  }

  #takeMessage(message: Fields): ImportItem[] {
    const id = textIn(message, "id");
    if (this.#held && textIn(this.#held, "id") === id) {
      this.#held = message;
      return [];
    }
    if (this.#joined && textIn(this.#joined, "id") === id) {
      this.#joined = message;
      return [];
    }
    if (this.#joins(message)) {
      this.#before.set(id, this.#before.get(textIn(this.#held ?? {}, "id")) ?? null);
      this.#joined = message;
      return [];
    }
    const before = this.#flush();
    if (this.#before.has(id)) return [...before, ...this.#again(message)];
    this.#before.set(id, this.#after === undefined ? this.#last : this.#after);
    this.#held = message;
    return before;
  }

  /** Calls without a word stand in a message of their own, behind the answer that made them. */
  #joins(message: Fields): boolean {
    const isCalls = message.type === "gemini" && message.content === "" && "toolCalls" in message;
    if (!isCalls || this.#joined || this.#before.has(textIn(message, "id"))) return false;
    return this.#held?.type === "gemini" && listIn(this.#held, "toolCalls").length === 0;
  }

  /** An older message with more calls than before: they were made now. */
  #again(message: Fields): ImportItem[] {
    const calls = objectsIn(message, "toolCalls").filter((call) => !this.#called.has(textIn(call, "id")));
    if (calls.length === 0) return [{ kind: "left_out", what: "copy of a message" }];
    const time = isoTime(calls[0]?.timestamp) ?? isoTime(message.timestamp);
    return this.#answer({ toolCalls: calls, model: message.model }, time);
  }

  #flush(): ImportItem[] {
    const held = this.#held;
    const joined = this.#joined;
    this.#held = null;
    this.#joined = null;
    if (!held) return [];
    const message = joined ? withCalls(held, joined) : held;
    const time = isoTime(message.timestamp);
    const type = textIn(message, "type");
    switch (type) {
      case "user":
        return this.#user(geminiInput(message.content), message.content, time);
      case "gemini":
      case "model":
      case "assistant":
        return this.#answer(message, time);
      case "error": {
        const error = { code: "import.answer", message: textIn(message, "content") };
        return [{ kind: "outcome", outcome: "failed", error }];
      }
      case "info":
      case "warning":
        return [{ kind: "left_out", what: type }];
      default:
        return [{ kind: "unknown", what: `message of type ${type}` }];
    }
  }

  #user(content: InputContent[], raw: unknown, time: string | null): ImportItem[] {
    const results = responses(raw).flatMap((response) => this.#response(response, time));
    const first = content[0];
    const words = first?.type === "text" ? first.text.trimStart() : "";
    if (
      words.startsWith("<session_context>") ||
      words.startsWith("This is the Gemini CLI. We are setting up")
    ) {
      return [
        { kind: "facts", facts: { cwd: workspaceOf(words) } },
        { kind: "left_out", what: "session context" },
      ];
    }
    if (words.startsWith("<hook_context>")) return [{ kind: "left_out", what: "hook context" }];
    return [...results, ...(content.length > 0 ? this.#put({ kind: "prompt", time, content }) : [])];
  }

  /** The result of a call as the model was sent it. The call itself may never have been written down. */
  #response(response: Fields, time: string | null): ImportItem[] {
    const [id, name] = [textIn(response, "id") || textIn(response, "name"), textIn(response, "name")];
    if (this.#answered.has(id)) return [];
    const items = this.#called.has(id) ? [] : this.#answer({ toolCalls: [{ id, name }] }, time);
    this.#answered.add(id);
    return [...items, ...this.#put({ kind: "message", time, message: responseMessage(id, response) })];
  }

  #answer(message: Fields, time: string | null): ImportItem[] {
    const thought = thoughtText(message);
    const words = geminiInput(message.content).flatMap((part) => (part.type === "text" ? [part.text] : []));
    const calls = objectsIn(message, "toolCalls").filter((call) => !this.#called.has(textIn(call, "id")));
    const content: OutputContent[] = [
      ...(thought === "" ? [] : [{ type: "thinking", text: thought } as const]),
      ...(words.length === 0 ? [] : [{ type: "text", text: words.join("\n") } as const]),
      ...calls.map((call) => toolCall(textIn(call, "id"), textIn(call, "name"), call.args)),
    ];
    for (const call of calls) this.#called.add(textIn(call, "id"));
    if (content.length === 0) return [{ kind: "left_out", what: "empty answer" }];
    const answer = answerMessage(content, message);
    return [...this.#put({ kind: "message", time, message: answer }), ...this.#results(calls, time)];
  }

  #results(calls: readonly Fields[], time: string | null): ImportItem[] {
    return calls.flatMap((call) => {
      const id = textIn(call, "id");
      const status = textIn(call, "status");
      const content = resultContent(call.result);
      if (content.length === 0 && status === "") return [];
      this.#answered.add(id);
      const message = toolResult({
        id,
        name: textIn(call, "name"),
        content,
        isError: status === "error" || status === "cancelled",
        details: callDetails(call),
      });
      return this.#put({ kind: "message", time: isoTime(call.timestamp) ?? time, message });
    });
  }

  /** An element of a checkpoint: content of the API as it is. */
  #takeCheckpoint(content: Fields): ImportItem[] {
    const parts = objectsIn(content, "parts");
    if (content.role !== "model") return this.#user(geminiInput(parts), parts, null);
    const calls = fieldsIn(parts.map((part) => part.functionCall));
    const named = calls.map((call) => ({ ...call, id: textIn(call, "id") || textIn(call, "name") }));
    for (const { id } of named) {
      this.#called.delete(id); // Calls without ids have their name's: each may come again.
      this.#answered.delete(id);
    }
    return this.#answer({ content: parts, toolCalls: named }, null);
  }

  /** The message and all after it were taken back. */
  #rewind(id: string): ImportItem[] {
    const items = this.#flush();
    this.#after = this.#before.get(id) ?? null;
    return [...items, { kind: "leaf", after: this.#after }];
  }

  #put(item: Extract<ImportItem, { time: string | null }>): ImportItem[] {
    const ref = `${++this.#refs}`;
    const after = this.#after;
    this.#after = undefined;
    this.#last = ref;
    return [{ ...item, ref, ...(after === undefined ? {} : { after }) }];
  }
}

function withCalls(answer: Fields, calls: Fields): Fields {
  const thoughts = [...listIn(answer, "thoughts"), ...listIn(calls, "thoughts")];
  const tokens = answer.tokens ?? calls.tokens;
  return { ...answer, thoughts, tokens, toolCalls: calls.toolCalls };
}

function answerMessage(content: OutputContent[], message: Fields): AssistantMessage {
  const tokens = fieldsOf(message.tokens);
  const model = modelName("google", textIn(message, "model"));
  return answerOf({ agent: "gemini", content, model, ...(tokens ? { usage: geminiUsage(tokens) } : {}) });
}

function responseMessage(id: string, response: Fields): Message {
  const isError = "error" in inner(response, "response");
  const content = resultContent([{ functionResponse: response }]);
  return toolResult({ id, name: textIn(response, "name"), content, isError });
}
