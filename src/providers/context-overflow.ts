// ContextOverflow: does an error, or the usage of an answer, say that the prompt was too long for the model?
// Texts are what the services are known to send; each new one gets its line here.
import type { Failure } from "../protocol/failure.ts";
import type { StopReason } from "../protocol/message.ts";
import type { Usage } from "../protocol/usage.ts";
import type { ErrorFacts } from "./error-facts.ts";

/** Codes and types that mean nothing else. */
const OVERFLOW_WORDS =
  /context_length_exceeded|exceed_context_size|context_window_exceeded|ContextWindowExceeded|LengthFinishReasonError|request_too_large|^1261$/i;

/** Phrases that name the request and the limit. */
const OVERFLOW_TEXTS: readonly RegExp[] = [
  /context_length_exceeded|context_window_exceeded|ContextWindowExceeded|exceed_context_size|"code":\s*"?1261/i,
  /prompt (?:is )?too long|input (?:is )?too long|context (?:is )?too long|prompt exceeds max length/i,
  /exceeds? (?:the |this model's |your )?(?:available |maximum )?context (?:window|size|length|limit)/i,
  /context (?:window|length|size)(?: is| was)? exceed(?:s|ed)|exceeded max context length/i,
  /exceed(?:s|ed)? (?:the )?(?:model|model's)(?: maximum)?(?: context| token)? ?(?:length|limit|window)|exceeds? context limit|exceed context limit/i,
  /maximum (?:context (?:length|window)|prompt length|allowed input length|allowed number of input tokens)/i,
  /tokens? (?:count )?\(?\d*\)? ?exceeds? (?:the )?(?:model )?(?:maximum|model limit|limit of)/i,
  /prompt token count of \d+ exceeds|input token count.*exceeds the maximum|number of input tokens.*exceeds?/i,
  /maximum (?:of )?[\d,]+ tokens|token limit exceeded|exceeded (?:the )?(?:model )?token limit/i,
  /too many tokens|too large for model with \d+ maximum context length|reduce the length of (?:the |your )?(?:messages|prompt|input)/i,
  /configured context size is|greater than the context length|range of input length should be|longer than the model's context length/i,
  /^(?:error:? ?)?4(?:00|13) (?:status code )?\(no body\)/i,
];

/** What sounds alike and is a matter of speed, not of size. */
const RATE_TEXTS = /rate limit|too many requests|throttl|per min|per day|service unavailable/i;

/** `failure` of ours, or a text as a service sends it. */
export function isContextOverflow(value: string | Pick<Failure, "code">): boolean {
  if (typeof value !== "string") return value.code === "provider.context_overflow";
  return (
    OVERFLOW_WORDS.test(value) || (!RATE_TEXTS.test(value) && OVERFLOW_TEXTS.some((text) => text.test(value)))
  );
}

/** The same of a whole error. A 5xx must say it in a code or name the request: its plain texts are guesses. */
export function factsShowOverflow(facts: ErrorFacts): boolean {
  const status = facts.status ?? 400;
  if (facts.words.some((word) => OVERFLOW_WORDS.test(word)) || status === 413) return true;
  if (status === 429 || status === 401 || status === 403 || status === 402) return false;
  const texts = [...facts.bodyTexts, ...facts.errorTexts];
  if (status >= 500)
    return texts.some((text) => /the request exceeds|your input exceeds|prompt is too long/i.test(text));
  return texts.some((text) => isContextOverflow(text));
}

/**
 * Overflow that only the numbers show: nothing was answered because the prompt filled the window (Ollama,
 * llama.cpp), or more was read than the window holds (z.ai cuts silently).
 */
export function isUsageOverflow(stopReason: StopReason, usage: Usage, contextWindow: number): boolean {
  const prompt = usage.input + usage.cacheRead + usage.cacheWrite;
  if (stopReason === "stop") return prompt > contextWindow;
  return stopReason === "length" && usage.output === 0 && prompt >= contextWindow * 0.99;
}
