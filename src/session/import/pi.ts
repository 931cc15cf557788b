// pi's session files (~/.pi/agent/sessions/<project>/*.jsonl): a header, then entries; a tree by `id` and `parentId`
// since version 2, a list before.
import type { InputContent, OutputContent } from "../../protocol/content.ts";
import type { Message, StopReason } from "../../protocol/message.ts";
import type { Usage } from "../../protocol/usage.ts";
import { countIn, type Fields, fieldsOf, inner, isoTime, listIn, textIn, textOrNull } from "./fields.ts";
import {
  answerOf,
  diffDetails,
  modelName,
  notice,
  shellLine,
  text,
  toolCall,
  toolResult,
} from "./foreign-parts.ts";
import type { ForeignReader, ImportItem } from "./import-item.ts";

type Place = { ref: string; after: string | null | undefined; time: string | null };

/** Entries that say something of the program, not of the talk. */
const SETTINGS = new Set(["model_change", "thinking_level_change", "usage", "custom", "context_edit"]);

const STOPS: Readonly<Record<string, StopReason>> = {
  stop: "stop",
  length: "length",
  toolUse: "tool_use",
  error: "error",
  aborted: "aborted",
};

export class PiReader implements ForeignReader {
  /** Position in the file, by which the first version names entries. */
  #index = -1;

  take(value: unknown): ImportItem[] {
    this.#index += 1;
    const entry = fieldsOf(value);
    if (entry === null) return [{ kind: "unknown", what: "no object" }];
    const type = textIn(entry, "type");
    const place = this.#place(entry);
    switch (type) {
      case "session":
        return [{ kind: "facts", facts: factsOf(entry) }];
      case "message":
        return [...messageItems(inner(entry, "message"), place), indexAlias(this.#index)];
      case "compaction":
        return [compactionItem(entry, place), indexAlias(this.#index)];
      case "branch_summary":
        return [{ kind: "message", ...place, message: notice([text(textIn(entry, "summary"))]) }];
      case "custom_message":
        return messageItems({ ...entry, role: "custom" }, place);
      case "label":
        return [asAlias(place), ...labelItems(entry)];
      case "session_info":
        return [asAlias(place), { kind: "facts", facts: { name: textOrNull(entry, "name") } }];
      default:
        return [
          asAlias(place),
          SETTINGS.has(type)
            ? { kind: "left_out", what: type }
            : { kind: "unknown", what: type || "no type" },
        ];
    }
  }

  end(): ImportItem[] {
    return [];
  }

  #place(entry: Fields): Place {
    const id = textIn(entry, "id");
    const parent = entry.parentId;
    const after = typeof parent === "string" || (parent === null && id !== "") ? parent : undefined;
    return { ref: id === "" ? `#${this.#index}` : id, after, time: isoTime(entry.timestamp) };
  }
}

function factsOf(entry: Fields) {
  return { id: textOrNull(entry, "id"), cwd: textOrNull(entry, "cwd"), time: isoTime(entry.timestamp) };
}

function asAlias({ ref, after }: Place): ImportItem {
  return { kind: "alias", ref, after };
}

/** The first version's compactions name what they keep by its position. */
function indexAlias(index: number): ImportItem {
  return { kind: "alias", ref: `#${index}` };
}

function labelItems(entry: Fields): ImportItem[] {
  const label = textIn(entry, "label");
  return label === "" ? [] : [{ kind: "label", target: textIn(entry, "targetId"), label }];
}

function compactionItem(entry: Fields, place: Place): ImportItem {
  const index = entry.firstKeptEntryIndex;
  const firstKept = typeof index === "number" ? `#${index}` : textOrNull(entry, "firstKeptEntryId");
  const usage = fieldsOf(entry.usage);
  return {
    kind: "compaction",
    ...place,
    summary: textIn(entry, "summary"),
    firstKept,
    tokensBefore: countIn(entry, "tokensBefore"),
    ...(usage ? { usage: usageOf(usage) } : {}),
  };
}

function messageItems(message: Fields, place: Place): ImportItem[] {
  const role = textIn(message, "role");
  switch (role) {
    case "user":
      return [{ kind: "prompt", ...place, content: inputOf(message) }];
    case "assistant":
      return answerItems(message, place);
    case "toolResult":
      return [{ kind: "message", ...place, message: resultOf(message) }];
    case "bashExecution": {
      const exitCode = typeof message.exitCode === "number" ? message.exitCode : null;
      const said = shellLine(textIn(message, "command"), textIn(message, "output"), exitCode);
      return [{ kind: "message", ...place, message: said }];
    }
    case "custom":
    case "hookMessage":
      return [{ kind: "message", ...place, message: notice(inputOf(message)) }];
    case "branchSummary":
    case "compactionSummary":
      return [{ kind: "message", ...place, message: notice([text(textIn(message, "summary"))]) }];
    case "system":
      return [asAlias(place), { kind: "left_out", what: "system message" }];
    default:
      return [asAlias(place), { kind: "unknown", what: `message of ${role || "nobody"}` }];
  }
}

function answerItems(message: Fields, place: Place): ImportItem[] {
  const stopReason = STOPS[textIn(message, "stopReason")];
  const error = textIn(message, "errorMessage");
  const failed = stopReason === "error" || stopReason === "aborted";
  const answer = answerOf({
    agent: "pi",
    content: listIn(message, "content").flatMap((part) => outputPart(fieldsOf(part) ?? {})),
    model: modelName(textIn(message, "provider"), textIn(message, "model")),
    usage: usageOf(inner(message, "usage")),
    ...(stopReason === undefined ? {} : { stopReason }),
    ...(failed && error !== "" ? { error } : {}),
  });
  return [{ kind: "message", ...place, message: answer }];
}

function outputPart(part: Fields): OutputContent[] {
  switch (part.type) {
    case "text":
      return [{ type: "text", text: textIn(part, "text") }];
    case "thinking":
      return textIn(part, "thinking") === "" ? [] : [{ type: "thinking", text: textIn(part, "thinking") }];
    case "toolCall":
      return [toolCall(textIn(part, "id"), textIn(part, "name"), part.arguments)];
    default:
      return [];
  }
}

function inputOf(message: Fields): InputContent[] {
  const { content } = message;
  if (typeof content === "string") return content === "" ? [] : [text(content)];
  return listIn(message, "content").flatMap((value): InputContent[] => {
    const part = fieldsOf(value) ?? {};
    const data = textIn(part, "data");
    if (part.type === "image" && data !== "") {
      return [{ type: "image", mimeType: textIn(part, "mimeType") || "image/png", data }];
    }
    return textIn(part, "text") === "" ? [] : [text(textIn(part, "text"))];
  });
}

function resultOf(message: Fields): Message {
  const details = inner(message, "details");
  const patch = textIn(details, "patch");
  const path = /^\+\+\+ (?:b\/)?(\S+)/m.exec(patch)?.[1] ?? "";
  return toolResult({
    id: textIn(message, "toolCallId"),
    name: textIn(message, "toolName"),
    content: inputOf(message),
    isError: message.isError === true,
    details: patch === "" ? undefined : diffDetails(path, patch.trimEnd()),
  });
}

function usageOf(usage: Fields): Usage {
  const cost = inner(usage, "cost").total;
  return {
    input: countIn(usage, "input"),
    output: countIn(usage, "output"),
    cacheRead: countIn(usage, "cacheRead"),
    cacheWrite: countIn(usage, "cacheWrite"),
    reasoning: countIn(usage, "reasoning"),
    cost: typeof cost === "number" ? cost : null,
  };
}
