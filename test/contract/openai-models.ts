// What the tests of OpenAI's two wire APIs share: a model of each, errors, and the corpus's readings in our sense.
import type { StopReason } from "../../src/protocol/message.ts";
import type { Model } from "../../src/protocol/model.ts";
import type { Usage } from "../../src/protocol/usage.ts";
import type { ExpectedReading } from "./wire-recordings.ts";

export const chatModel: Model = {
  id: "test-model",
  vendor: "test",
  name: "Test",
  api: "openai-chat",
  contextWindow: 200_000,
  maxOutput: 32_000,
  input: ["text", "image"],
  thinking: ["off", "low", "medium", "high"],
  price: { input: 2, output: 8, cacheRead: 0.5, cacheWrite: 2.5 },
};

export const responsesModel: Model = { ...chatModel, api: "openai-responses" };

/** The corpus counts cached tokens into `input`; where its total shows it, `output` leaves reasoning out (xAI). */
export function expectedUsage({ usage = {} }: ExpectedReading): Omit<Usage, "cost"> {
  const { input = 0, output = 0, cache_read = 0, cache_write = 0, reasoning = 0, total } = usage;
  const isApart = total === input + output + reasoning;
  return {
    input: Math.max(0, input - cache_read - cache_write),
    output: isApart ? output + reasoning : output,
    cacheRead: cache_read,
    cacheWrite: cache_write,
    reasoning,
  };
}

/** A queued background answer has nothing in it yet: no answer for us. */
export function expectedStop({ finish, error, tool_calls = [] }: ExpectedReading): StopReason {
  if (error !== undefined || finish === "queued") return "error";
  if (finish === "length" || finish === "incomplete") return "length";
  return tool_calls.length > 0 ? "tool_use" : "stop";
}

export function openaiErrorBody(status: number): unknown {
  return { error: { message: "the vendor's words", type: "some_error", param: null, code: null, status } };
}
