// Claude Code's session files (~/.claude/projects/<project>/<id>.jsonl): one line a content block of an answer, a
// prompt, a result; a tree by `uuid` and `parentUuid`. As versions 1.0 to 2.1 write it.
import type { OutputContent } from "../../protocol/content.ts";
import type { Message } from "../../protocol/message.ts";
import { claudeDetails, claudeInput, claudeOutput, claudeStopReason, claudeUsage } from "./claude-content.ts";
import { claudePrompt } from "./claude-prompt.ts";
import { countIn, type Fields, fieldsOf, inner, isoTime, objectsIn, textIn, textOrNull } from "./fields.ts";
import { answerOf, modelName, notice, shellLine, text, toolResult } from "./foreign-parts.ts";
import type { ForeignReader, ImportItem } from "./import-item.ts";

/** An answer whose lines are still coming, with the results of its calls. */
type Group = {
  messageId: string;
  after: string | null | undefined;
  time: string | null;
  /** Every line that belongs here: what follows any of them follows the whole. */
  refs: string[];
  content: OutputContent[];
  last: Fields;
  results: { callId: string; time: string | null; message: Message }[];
};

/** Lines that say something of the program, not of the talk. */
const SETTINGS = new Set(
  (
    "queue-operation last-prompt mode permission-mode cost-state atis-latch api-request api-request-shape " +
    "api-request-resumed api-request-blob file-history-snapshot file-history-delta progress agent-name agent-color " +
    "agent-setting tag pr-link worktree-state content-replacement attribution-snapshot speculation-accept started " +
    "result bridge-session tools-used resume-head-vouch history-suppression frame-link fork-context-ref derived-from " +
    "continued-in session-owner observer-ref memory-mode isolation-latch dev-mods data-flow-records " +
    "data-flow-incomplete artifact-autoreact-ledger artifact-comment-monitor task-summary"
  ).split(" "),
);

export class ClaudeCodeReader implements ForeignReader {
  #group: Group | null = null;
  #names = new Map<string, string>();
  #seen = new Set<string>();
  /** Whether the file as a whole is a subagent's; null: not known yet. */
  #isSubagent: boolean | null = null;
  #boundary: Fields | null = null;
  /** A slash command that may turn out to be one of the program itself, or a shell line without its output yet. */
  #held: { line: Fields; text: string } | null = null;
  #shell: string | null = null;
  #summaries = new Map<string, string>();
  #title: string | null = null;
  #cwdKnown = false;
  /** Of the newest line: a session that went on from another one begins with lines of that. */
  #id: string | null = null;

  take(value: unknown): ImportItem[] {
    const line = fieldsOf(value);
    if (line === null) return [{ kind: "unknown", what: "no object" }];
    const type = textIn(line, "type");
    switch (type) {
      case "assistant":
      case "user":
      case "system":
      case "attachment":
        return this.#takeTreeLine(type, line);
      case "summary":
        this.#summaries.set(textIn(line, "leafUuid"), textIn(line, "summary"));
        return [{ kind: "left_out", what: type }];
      case "custom-title":
        return named(textIn(line, "customTitle"));
      case "ai-title":
        this.#title = textOrNull(line, "aiTitle");
        return [{ kind: "left_out", what: type }];
      default:
        return [
          ...(textIn(line, "uuid") === "" ? [] : this.#pass(line)),
          SETTINGS.has(type) ? leftOut(type) : { kind: "unknown", what: type || "no type" },
        ];
    }
  }

  end(): ImportItem[] {
    const summary = [...this.#summaries].findLast(([leaf]) => this.#seen.has(leaf))?.[1];
    const title = this.#title ?? summary;
    const id: ImportItem = { kind: "facts", facts: { id: this.#id } };
    return [...this.#release(), ...this.#flush(), id, ...(title ? named(title) : [])];
  }

  #takeTreeLine(type: "assistant" | "user" | "system" | "attachment", line: Fields): ImportItem[] {
    const uuid = textIn(line, "uuid");
    if (uuid !== "" && this.#seen.has(uuid)) return [leftOut("copy of a line")];
    this.#seen.add(uuid);
    const isSidechain = line.isSidechain === true;
    if (type === "assistant" || type === "user") this.#isSubagent ??= isSidechain;
    if (isSidechain && this.#isSubagent === false) return [leftOut("subagent")];
    const facts = this.#facts(line);
    if (type === "assistant") return [...facts, ...this.#takeAnswer(line)];
    if (type === "user") return [...facts, ...this.#takeUser(line)];
    return [...facts, ...this.#takeOther(type, line)];
  }

  #facts(line: Fields): ImportItem[] {
    const id = this.#isSubagent ? textOrNull(line, "agentId") : null;
    this.#id = id ?? textOrNull(line, "sessionId") ?? this.#id;
    if (this.#cwdKnown) return [];
    this.#cwdKnown = textIn(line, "cwd") !== "";
    return [{ kind: "facts", facts: { cwd: textOrNull(line, "cwd"), time: isoTime(line.timestamp) } }];
  }

  #takeAnswer(line: Fields): ImportItem[] {
    const message = inner(line, "message");
    const { parts, unknown } = claudeOutput(message);
    const items: ImportItem[] = unknown.map((what) => ({ kind: "unknown", what }));
    if (textIn(message, "model") === "<synthetic>") return [...items, ...this.#takeSynthetic(line, parts)];
    for (const part of parts) if (part.type === "tool_call") this.#names.set(part.id, part.name);
    const messageId = textIn(message, "id") || textIn(line, "uuid");
    if (this.#group?.messageId === messageId) {
      this.#group.content.push(...parts);
      this.#group.refs.push(textIn(line, "uuid"));
      this.#group.last = line;
      return items;
    }
    const before = [...this.#release(), ...this.#flush()];
    this.#group = {
      messageId,
      after: parentOf(line),
      time: isoTime(line.timestamp),
      refs: [textIn(line, "uuid")],
      content: parts,
      last: line,
      results: [],
    };
    return [...before, ...items];
  }

  /** What the program itself says in the model's place: an error, or that nothing was asked. */
  #takeSynthetic(line: Fields, parts: OutputContent[]): ImportItem[] {
    const before = [...this.#release(), ...this.#flush()];
    if (line.isApiErrorMessage !== true) return [...before, alias(line), leftOut("synthetic")];
    const error = parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
    const message = answerOf({ agent: "claude-code", content: [], model: "", stopReason: "error", error });
    return [...before, placed(line, message)];
  }

  #takeUser(line: Fields): ImportItem[] {
    const message = inner(line, "message");
    const results = objectsIn(message, "content").filter((block) => block.type === "tool_result");
    if (line.isCompactSummary === true) return this.#takeSummary(line, message);
    if (results.length === 0) return this.#takePrompt(line, message);
    const items = results.flatMap((block) => this.#takeResult(line, block));
    const { content } = claudeInput(message);
    const words = content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
    if (isInterruption(words)) return [...items, { kind: "outcome", outcome: "interrupted" }];
    if (content.length === 0) return items;
    const rest = placed({ ...line, uuid: `${textIn(line, "uuid")}+` }, notice(content));
    return [...items, ...this.#flush(), { ...rest, after: undefined }];
  }

  #takeResult(line: Fields, block: Fields): ImportItem[] {
    const callId = textIn(block, "tool_use_id");
    const { content } = claudeInput(block);
    const message = toolResult({
      id: callId,
      name: this.#names.get(callId) ?? "",
      content,
      isError: block.is_error === true,
      details: claudeDetails(line, content),
    });
    const group = this.#group;
    if (!group?.content.some((part) => part.type === "tool_call" && part.id === callId)) {
      return [...this.#release(), ...this.#flush(), placed(line, message)];
    }
    group.refs.push(textIn(line, "uuid"));
    group.results.push({ callId, time: isoTime(line.timestamp), message });
    return [];
  }

  #takeSummary(line: Fields, message: Fields): ImportItem[] {
    const before = [...this.#release(), ...this.#flush()];
    const boundary = this.#boundary ?? {};
    this.#boundary = null;
    const data = inner(boundary, "compactMetadata");
    const kept = textOrNull(inner(data, "preservedSegment"), "headUuid");
    const summary = claudeInput(message)
      .content.flatMap((part) => (part.type === "text" ? [part.text] : []))
      .join("\n");
    const after = textOrNull(boundary, "logicalParentUuid") ?? undefined;
    return [
      ...before,
      {
        kind: "compaction",
        ref: textIn(line, "uuid"),
        ...(after === undefined ? {} : { after }),
        time: isoTime(line.timestamp),
        summary,
        firstKept: kept,
        tokensBefore: countIn(data, "preTokens"),
      },
    ];
  }

  #takePrompt(line: Fields, message: Fields): ImportItem[] {
    const { content } = claudeInput(message);
    const said = claudePrompt(content, line.isMeta === true);
    switch (said.kind) {
      case "caveat":
      case "nothing":
        return [alias(line), leftOut(said.kind)];
      case "interrupted":
        return [...this.#flush(), alias(line), { kind: "outcome", outcome: "interrupted" }];
      case "command": {
        const before = this.#release();
        this.#held = { line, text: said.text };
        return before;
      }
      case "command output": {
        const held = this.#held;
        this.#held = null;
        return [...(held ? [alias(held.line)] : []), alias(line), leftOut("command of the program")];
      }
      case "shell":
        this.#shell = said.text;
        return [alias(line)];
      case "shell output": {
        const command = this.#shell ?? "";
        this.#shell = null;
        return [...this.#flush(), placed(line, shellLine(command, said.text, null))];
      }
      case "meta":
        return [...this.#release(), ...this.#flush(), placed(line, notice(content))];
      case "prompt":
        return [...this.#release(), ...this.#flush(), prompt(line, content)];
    }
  }

  /** A system line, or what the program attached to a prompt: only a queued prompt is part of the talk. */
  #takeOther(type: string, line: Fields): ImportItem[] {
    const attachment = inner(line, "attachment");
    if (textIn(line, "subtype") === "compact_boundary") {
      this.#boundary = line;
      return [...this.#release(), ...this.#flush(), alias(line)];
    }
    if (attachment.type === "queued_command") {
      const { content } = claudeInput({ content: attachment.prompt });
      const message: Message = { role: "user", content, source: "steer" };
      if (content.length > 0) return [...this.#release(), ...this.#flush(), placed(line, message)];
    }
    return [...this.#pass(line), leftOut(type)];
  }

  /** What follows a line that is no part of the talk follows what that line follows. */
  #pass(line: Fields): ImportItem[] {
    if (this.#group?.refs.includes(textIn(line, "parentUuid"))) {
      this.#group.refs.push(textIn(line, "uuid"));
      return [];
    }
    if (this.#held?.line.uuid === line.parentUuid) return [...this.#release(), alias(line)];
    return [alias(line)];
  }

  /** A slash command that no output of the program followed was a prompt. */
  #release(): ImportItem[] {
    const held = this.#held;
    this.#held = null;
    return held ? [...this.#flush(), prompt(held.line, [text(held.text)])] : [];
  }

  #flush(): ImportItem[] {
    const group = this.#group;
    if (!group) return [];
    this.#group = null;
    const message = inner(group.last, "message");
    const stopReason =
      group.last.aborted === true ? "aborted" : claudeStopReason(textIn(message, "stop_reason"));
    const answer = answerOf({
      agent: "claude-code",
      content: group.content,
      model: modelName("anthropic", textIn(message, "model")),
      usage: claudeUsage(inner(message, "usage"), group.last),
      ...(stopReason === null ? {} : { stopReason }),
    });
    const order = group.content.flatMap((part) => (part.type === "tool_call" ? [part.id] : []));
    const results = group.results.toSorted((a, b) => order.indexOf(a.callId) - order.indexOf(b.callId));
    return [
      { kind: "message", after: group.after, time: group.time, message: answer },
      ...results.map(({ time, message: result }): ImportItem => ({ kind: "message", time, message: result })),
      ...group.refs.map((ref): ImportItem => ({ kind: "alias", ref })),
    ];
  }
}

function isInterruption(words: string): boolean {
  return words.startsWith("[Request interrupted by user");
}

/** undefined where the line has no such field: it follows the one before. */
function parentOf(line: Fields): string | null | undefined {
  const parent = line.parentUuid;
  return typeof parent === "string" || parent === null ? parent : undefined;
}

function alias(line: Fields): ImportItem {
  return { kind: "alias", ref: textIn(line, "uuid"), after: parentOf(line) };
}

function placed(line: Fields, message: Message): Extract<ImportItem, { kind: "message" }> {
  const place = { ref: textIn(line, "uuid"), after: parentOf(line), time: isoTime(line.timestamp) };
  return { kind: "message", ...place, message };
}

function prompt(line: Fields, content: Extract<ImportItem, { kind: "prompt" }>["content"]): ImportItem {
  const place = { ref: textIn(line, "uuid"), after: parentOf(line), time: isoTime(line.timestamp) };
  return { kind: "prompt", ...place, content };
}

function leftOut(what: string): ImportItem {
  return { kind: "left_out", what };
}

function named(name: string): ImportItem[] {
  return [{ kind: "facts", facts: { name } }];
}
