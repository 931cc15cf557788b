// ChatCompat: how a service differs from OpenAI's Chat Completions API. Read from Model.compat; the names are those
// of pi's catalogue where it has one.
import * as z from "zod/mini";
import type { Model } from "../../protocol/model.ts";

/** Absent fields mean what most compatible services understand; wrong values read as absent. */
const ChatCompat = z.object({
  /** Role of the system text: developer instead of system. */
  supportsDeveloperRole: z.catch(z.optional(z.boolean()), undefined),
  maxTokensField: z.catch(z.optional(z.enum(["max_tokens", "max_completion_tokens"])), undefined),
  /** False: the service refuses `stream_options`. */
  supportsUsageInStreaming: z.catch(z.optional(z.boolean()), undefined),
  /** False: thinking cannot be asked for by `reasoning_effort`. */
  supportsReasoningEffort: z.catch(z.optional(z.boolean()), undefined),
  /** How thinking is asked for. */
  thinkingFormat: z.catch(
    z.optional(z.enum(["openai", "openrouter", "deepseek", "zai", "qwen", "together", "chat-template"])),
    undefined,
  ),
  /** Assistant messages without thoughts need an empty `reasoning_content` (DeepSeek). */
  requiresReasoningContentOnAssistantMessages: z.catch(z.optional(z.boolean()), undefined),
  /** System messages may come after the first message. */
  supportsMidConvoSystemMessages: z.catch(z.optional(z.boolean()), undefined),
  /** `anthropic`: the prompt is cached only when asked (OpenRouter for Claude). */
  cacheControlFormat: z.catch(z.optional(z.enum(["anthropic"])), undefined),
  /** `mistral`: ids of calls are nine letters and digits. */
  toolCallIds: z.catch(z.optional(z.enum(["mistral"])), undefined),
});
export type ChatCompat = z.infer<typeof ChatCompat>;

export function chatCompat(model: Model): ChatCompat {
  return ChatCompat.parse(model.compat ?? {});
}
