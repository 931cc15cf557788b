// What an ACP agent may say, read as leniently as the field needs: each of them adds fields and update kinds monthly,
// so what is not known or not well formed is left out. Pure.
import * as z from "zod/mini";
import { fieldOf } from "../../lib/field-of.ts";

const words = z.catch(z.optional(z.string()), undefined);
const list = z.catch(z.optional(z.array(z.unknown())), undefined);
const number = z.catch(z.optional(z.number()), undefined);
const fields = z.catch(z.record(z.string(), z.unknown()), {});

/** A tool call, or the part of one that changed: fields that are absent stay as they were. */
export const ToolUpdate = z.object({
  toolCallId: z.string(),
  title: words,
  kind: words,
  status: words,
  name: words,
  content: list,
  locations: list,
  rawInput: z.optional(z.unknown()),
  rawOutput: z.optional(z.unknown()),
  _meta: fields,
});
export type ToolUpdate = z.infer<typeof ToolUpdate>;

export const ContentBlock = z.object({
  type: z.string(),
  text: words,
  mimeType: words,
  data: words,
  uri: words,
  resource: z.catch(z.optional(z.object({ text: words, uri: words })), undefined),
});

/** One entry of a tool call's content: a block, a diff (whole texts of a file or of a region), or a terminal. */
export const ToolPart = z.object({
  type: z.string(),
  content: z.catch(z.optional(ContentBlock), undefined),
  path: words,
  oldText: z.catch(z.nullable(z.optional(z.string())), undefined),
  newText: words,
});
export type ToolPart = z.infer<typeof ToolPart>;

const PlanItem = z.object({ content: z.string(), status: words });

const Choice = z.object({ value: words, modelId: words, id: words, options: list });

const ConfigOption = z.object({ id: z.string(), category: words, currentValue: words, options: list });
const ModelState = z.object({ currentModelId: words, availableModels: list });
const ModeState = z.object({ currentModeId: words, availableModes: list });

/** What every answer that opens a session may hold; `models` is how older agents offer a choice. */
export const SessionOpened = z.object({
  sessionId: words,
  configOptions: list,
  models: z.catch(z.optional(ModelState), undefined),
  modes: z.catch(z.optional(ModeState), undefined),
});
export type SessionOpened = z.infer<typeof SessionOpened>;

const NO_SERVERS = { http: false, sse: false };

export const Initialized = z.object({
  agentInfo: z.catch(z.optional(z.object({ name: words, title: words, version: words })), undefined),
  agentCapabilities: z.catch(
    z.object({
      loadSession: z.catch(z.boolean(), false),
      promptCapabilities: z.catch(z.object({ image: z.catch(z.boolean(), false) }), { image: false }),
      mcpCapabilities: z.catch(
        z.object({ http: z.catch(z.boolean(), false), sse: z.catch(z.boolean(), false) }),
        NO_SERVERS,
      ),
      sessionCapabilities: fields,
    }),
    {
      loadSession: false,
      promptCapabilities: { image: false },
      mcpCapabilities: NO_SERVERS,
      sessionCapabilities: {},
    },
  ),
  _meta: fields,
});
export type Initialized = z.infer<typeof Initialized>;

export const PromptAnswer = z.object({
  stopReason: z.catch(z.string(), "end_turn"),
  usage: z.optional(z.unknown()),
  _meta: fields,
});
export type PromptAnswer = z.infer<typeof PromptAnswer>;

/** Whether a message can be handed into the running turn (`_session/steering`). */
export function isSteerable({ _meta }: Initialized): boolean {
  return fieldOf(_meta.steering, "supported") === true;
}

const PermissionOption = z.object({ optionId: z.string(), kind: words });

export const PermissionRequest = z.object({
  toolCall: ToolUpdate,
  options: z.array(PermissionOption),
});
export type PermissionRequest = z.infer<typeof PermissionRequest>;

/** An option that a session can be set to; `id` null means the older method `session/set_model`. */
export type ConfigChoice = { id: string | null; current: string | null; values: string[] };

/** The choice of one category (model, thought_level); null when the agent offers none. */
export function readChoice(
  { configOptions = [], models }: SessionOpened,
  category: string,
): ConfigChoice | null {
  for (const entry of configOptions) {
    const option = ConfigOption.safeParse(entry).data;
    if (option?.category !== category) continue;
    return { id: option.id, current: option.currentValue ?? null, values: choiceValues(option.options) };
  }
  if (category !== "model" || !models) return null;
  return { id: null, current: models.currentModelId ?? null, values: choiceValues(models.availableModels) };
}

/** The older way to offer modes, which are set by `session/set_mode`. */
export function readModes({ modes }: SessionOpened): ConfigChoice | null {
  if (!modes) return null;
  return { id: null, current: modes.currentModeId ?? null, values: choiceValues(modes.availableModes) };
}

/** Options may stand in groups. */
function choiceValues(options: readonly unknown[] = []): string[] {
  return options.flatMap((entry) => {
    const choice = Choice.safeParse(entry).data;
    if (choice?.options) return choiceValues(choice.options);
    const value = choice?.value ?? choice?.modelId ?? choice?.id;
    return value === undefined ? [] : [value];
  });
}

type PlanStatus = "pending" | "in_progress" | "completed";

/**
 * A session update as far as it means something to us. `begins`: the agent announces the call, it does not go on with
 * one. `broken`: the agent says its own turn failed.
 */
export type AcpUpdate =
  | { type: "text" | "thinking"; text: string; messageId: string | undefined }
  | { type: "tool"; tool: ToolUpdate; begins: boolean }
  | { type: "plan"; entries: { text: string; status: PlanStatus }[] }
  | { type: "usage"; cost: number | null }
  | { type: "options"; opened: SessionOpened }
  | { type: "broken" };

const Chunk = z.object({ content: ContentBlock, messageId: words });
const Cost = z.object({ amount: number, currency: words });

/** Null for what says nothing to us, known or not. Never throws. */
export function readUpdate(params: unknown): AcpUpdate | null {
  const update = fieldOf(params, "update");
  const kind = fieldOf(update, "sessionUpdate");
  switch (kind) {
    case "agent_message_chunk":
      return readChunk("text", update);
    case "agent_thought_chunk":
      return readChunk("thinking", update);
    case "tool_call":
    case "tool_call_update": {
      const tool = ToolUpdate.safeParse(update).data;
      return tool ? { type: "tool", tool, begins: kind === "tool_call" } : null;
    }
    case "plan":
      return readPlan(fieldOf(update, "entries"));
    case "usage_update": {
      const cost = Cost.safeParse(fieldOf(update, "cost")).data;
      return { type: "usage", cost: cost?.currency === "USD" ? (cost.amount ?? null) : null };
    }
    case "config_option_update": {
      const opened = SessionOpened.safeParse(update).data;
      return opened ? { type: "options", opened } : null;
    }
    case "session_info_update":
      return codexStatus(update) === "systemError" ? { type: "broken" } : null;
    default:
      return null;
  }
}

function readChunk(type: "text" | "thinking", update: unknown): AcpUpdate | null {
  const chunk = Chunk.safeParse(update).data;
  const text = chunk ? blockText(chunk.content) : "";
  return text === "" ? null : { type, text, messageId: chunk?.messageId };
}

/** The words of a block; what has none is named. */
export function blockText(block: z.infer<typeof ContentBlock>): string {
  switch (block.type) {
    case "text":
      return block.text ?? "";
    case "resource_link":
      return block.uri ?? "";
    case "resource":
      return block.resource?.text ?? block.resource?.uri ?? "";
    default:
      return `[${block.type}]`;
  }
}

function readPlan(entries: unknown): AcpUpdate | null {
  if (!Array.isArray(entries)) return null;
  const items = entries.flatMap((entry) => PlanItem.safeParse(entry).data ?? []);
  return {
    type: "plan",
    entries: items.map(({ content, status }) => ({ text: content, status: planStatus(status) })),
  };
}

function planStatus(status: string | undefined): PlanStatus {
  return status === "completed" || status === "in_progress" ? status : "pending";
}

/** Codex's adapter ends a failed turn like a good one and says so only here. */
function codexStatus(update: unknown): unknown {
  return fieldOf(fieldOf(fieldOf(fieldOf(update, "_meta"), "codex"), "threadStatus"), "type");
}
