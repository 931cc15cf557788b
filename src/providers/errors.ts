// Errors: whatever an SDK, a socket or a stream threw, as one AppError with a stable code and the vendor's words.
import { AppError } from "../lib/app-error.ts";
import type { Failure } from "../protocol/failure.ts";
import { factsShowOverflow } from "./context-overflow.ts";
import { type ErrorFacts, readErrorFacts } from "./error-facts.ts";
import { readRetryAfter } from "./retry-after.ts";

/** `apiKey` is only ever removed from texts. An Endpoint is a valid context. */
export type ErrorContext = { vendor: string; keyEnv?: string; apiKey?: string; now?: () => number };

export type ErrorKind =
  | "aborted"
  | "auth"
  | "context_overflow"
  | "empty_response"
  | "failed"
  | "invalid_request"
  | "malformed_stream"
  | "network"
  | "not_found"
  | "overloaded"
  | "permission"
  | "quota"
  | "rate_limit"
  | "refused"
  | "server"
  | "timeout";

const RETRYABLE: ReadonlySet<string> = new Set([
  "provider.empty_response",
  "provider.malformed_stream",
  "provider.network",
  "provider.overloaded",
  "provider.rate_limit",
  "provider.server",
  "provider.timeout",
]);

/** A wait longer than this is a quota that ran out, not a rate. */
const LONGEST_RATE_WAIT_MS = 300_000;
const LONGEST_MESSAGE = 500;

/** Whether the same request may succeed when it is sent again. */
export function isRetryable(failure: Pick<Failure, "code">): boolean {
  return RETRYABLE.has(failure.code);
}

/**
 * Any thrown value as an AppError `provider.KIND`; an AppError passes unchanged. The message names the
 * vendor and holds its own words, at most 500 characters, without key values or HTML.
 */
export function toProviderError(error: unknown, context: ErrorContext): AppError {
  if (error instanceof AppError) return error;
  const facts = readErrorFacts(error);
  const wait = readRetryAfter(facts, (context.now ?? Date.now)());
  const kind = kindOf(facts, wait);
  return providerError(kind, vendorWords(facts, context), {
    ...context,
    cause: error,
    ...(facts.status === undefined ? {} : { status: facts.status }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(kind === "permission" && facts.links[0] !== undefined ? { link: facts.links[0] } : {}),
  });
}

type ProviderErrorDetails = ErrorContext & {
  cause?: unknown;
  status?: number;
  retryAfterMs?: number;
  link?: string;
};

/** A failure that we found ourselves (an empty answer, a cut stream), in the same form. */
export function providerError(kind: ErrorKind, words: string, details: ProviderErrorDetails): AppError {
  const hint = hintFor(kind, details);
  return new AppError(`provider.${kind}`, `${leadFor(kind, details)}${words === "" ? "" : `: ${words}`}`, {
    ...(hint === undefined ? {} : { hint }),
    ...(details.cause === undefined ? {} : { cause: details.cause }),
    ...(details.status === undefined ? {} : { status: details.status }),
    ...(details.retryAfterMs === undefined ? {} : { retryAfterMs: Math.round(details.retryAfterMs) }),
  });
}

type Rule = {
  kind: ErrorKind;
  words?: RegExp;
  texts?: RegExp;
  status?: readonly number[];
  when?: (facts: ErrorFacts, wait: number | undefined) => boolean;
};

/** The first rule that holds decides: what is certain and final stands before what may be tried again. */
const RULES: readonly Rule[] = [
  { kind: "aborted", words: /^(?:AbortError|APIUserAbortError)$/, texts: /^request was aborted\.?$/i },
  { kind: "malformed_stream", when: isUnreadable },
  { kind: "context_overflow", when: factsShowOverflow },
  {
    kind: "quota",
    words:
      /insufficient_quota|billing|payment_required|credits|UsageLimitError|usage_limit_exceeded|PerDay|MODEL_CAPACITY_EXHAUSTED|QUOTA_EXHAUSTED|usage_limit_reached/i,
    texts:
      /usage limit|UsageLimitError|insufficient_quota|out of budget|billing hard limit|usage_limit_exceeded|free tier exhausted|(?:available|credit) balance|insufficient (?:balance|credit|quota|funds)|requires more credits|limit: 0(?![.\d]*\d)|request too large .* tokens per min|exceeded your (?:daily|monthly)|out of credits/i,
    status: [402],
  },
  { kind: "quota", when: isLongOrUnnamedLimit },
  {
    kind: "auth",
    words:
      /^(?:authentication_error|API_KEY_INVALID|invalid_api_key|UNAUTHENTICATED|invalid_authentication_error)$/,
    texts: /api key not valid|invalid api key|incorrect api key|unregistered callers|missing authentication/i,
    status: [401],
  },
  { kind: "permission", words: /^(?:permission_error|PERMISSION_DENIED)$/, status: [403] },
  {
    kind: "rate_limit",
    words: /^(?:rate_limit_error|rate_limit_exceeded|RESOURCE_EXHAUSTED)$/,
    status: [429],
  },
  {
    kind: "overloaded",
    words: /^(?:overloaded_error|UNAVAILABLE|service_unavailable|server_overloaded|engine_overloaded)$/i,
    texts:
      /overloaded|at capacity|capacity exceeded|high demand|ResourceExhausted|service.unavailable|temporarily unavailable|server is busy/i,
    status: [503, 529],
  },
  { kind: "not_found", words: /^(?:not_found_error|model_not_found|NOT_FOUND)$/, status: [404] },
  { kind: "timeout", status: [408, 504, 524] },
  { kind: "server", when: ({ status = 0 }) => status >= 500 || [409, 425, 499].includes(status) },
  { kind: "invalid_request", when: ({ status = 0 }) => status >= 400 },
  {
    kind: "timeout",
    words: /TimeoutError|^(?:ETIMEDOUT|UND_ERR_\w+_TIMEOUT)$/,
    texts: /timed? ?out|timeout|deadline exceeded/i,
  },
  { kind: "quota", texts: /exceeded your current quota|quota exceeded|key limit exceeded/i },
  { kind: "refused", words: /^(?:content_filter|content_policy_violation|invalid_prompt)$/ },
  { kind: "invalid_request", words: /^(?:invalid_request_error|INVALID_ARGUMENT|BadRequestError)$/ },
  { kind: "rate_limit", texts: /rate.limit|rate increased|too many requests|concurrency limit|throttl/i },
  {
    kind: "server",
    words: /^(?:api_error|server_error|INTERNAL|internal_error)$/,
    texts:
      /returned (?:an )?error|error occurred while processing|you can retry|try your request again|server error|bad gateway|usage_unavailable|internal error|unexpected error/i,
  },
  {
    kind: "network",
    words: /^(?:E[A-Z_]+|UND_ERR_\w+|ERR_(?:STREAM|SSL|TLS|HTTP2)\w*)$/,
    texts:
      /fetch failed|connection|ENOTFOUND|EAI_AGAIN|ECONN|EPIPE|getaddrinfo|socket|terminated|network|reset before headers|stream (?:ended|closed)|ended before|stream_read_error|did not get a response|other side closed|premature.close|canceled|disconnected/i,
  },
];

function kindOf(facts: ErrorFacts, wait: number | undefined): ErrorKind {
  const texts = [...facts.bodyTexts, ...facts.errorTexts];
  const rule = RULES.find(
    ({ words, texts: pattern, status, when }) =>
      (words !== undefined && facts.words.some((word) => words.test(word))) ||
      (pattern !== undefined && texts.some((text) => pattern.test(text))) ||
      (facts.status !== undefined && status?.includes(facts.status)) ||
      when?.(facts, wait),
  );
  return rule?.kind ?? "failed";
}

/** Not JSON, in the answer itself; with a status it would be a service's word about our request. */
function isUnreadable({ status, words, errorTexts }: ErrorFacts): boolean {
  if (status !== undefined) return false;
  const text = /malformed server-sent event|unexpected (?:token|end of json)|is not valid JSON/i;
  return words.includes("SyntaxError") || errorTexts.some((said) => text.test(said));
}

/** Google says "capacity exhausted" or limits Code Assist users without naming a delay: waiting does not help. */
function isLongOrUnnamedLimit(facts: ErrorFacts, wait: number | undefined): boolean {
  if (facts.status !== 429) return false;
  if (wait !== undefined) return wait > LONGEST_RATE_WAIT_MS;
  const limited = facts.words.includes("RATE_LIMIT_EXCEEDED");
  const codeAssist = facts.words.some((word) => word.includes("cloudcode-pa.googleapis.com"));
  return (limited && codeAssist) || facts.bodyTexts.some((text) => /exhausted your capacity/i.test(text));
}

/** What the service wrote; else the innermost cause, which names the address that failed. */
function vendorWords(facts: ErrorFacts, context: ErrorContext): string {
  const [first, second] = facts.bodyTexts;
  const generic = first !== undefined && second !== undefined && /returned (?:an )?error$/i.test(first);
  const words = generic ? `${first}: ${second}` : (first ?? facts.errorTexts.at(-1) ?? "");
  const plain = withoutMarkup(words);
  return redact(plain, context.apiKey).slice(0, LONGEST_MESSAGE);
}

function withoutMarkup(text: string): string {
  if (!/<(?:!doctype|html|head|body)\b/i.test(text)) return text;
  return /<title>([^<]*)<\/title>/i.exec(text)?.[1]?.trim() ?? "the answer was a web page";
}

function redact(text: string, apiKey: string | undefined): string {
  const known = apiKey === undefined || apiKey.length < 8 ? text : text.replaceAll(apiKey, "[key]");
  return known.replace(/\b(?:sk|pk|gsk|xai|key|AIza)[-_]?[\w*-]*[\w*]{10,}|(?<=Bearer )\S+/g, (value) =>
    /[\d*]/.test(value) ? "[key]" : value,
  );
}

function leadFor(kind: ErrorKind, { vendor, keyEnv, status }: ProviderErrorDetails): string {
  const answered = status === undefined ? "" : ` (HTTP ${status})`;
  switch (kind) {
    case "aborted":
      return `The request to ${vendor} was cancelled`;
    case "auth":
      return keyEnv === undefined
        ? `${vendor} did not accept the request without a valid key${answered}`
        : `${vendor} did not accept the key in ${keyEnv}${answered}`;
    case "context_overflow":
      return `The conversation is too long for this model of ${vendor}${answered}`;
    case "empty_response":
      return `${vendor} sent an empty answer${answered}`;
    case "failed":
      return `The request to ${vendor} failed${answered}`;
    case "invalid_request":
      return `${vendor} refused the request as invalid${answered}`;
    case "malformed_stream":
      return `${vendor} sent a malformed stream`;
    case "network":
      return `The connection to ${vendor} failed`;
    case "not_found":
      return `${vendor} does not know this model or address${answered}`;
    case "overloaded":
      return `${vendor} is overloaded${answered}`;
    case "permission":
      return `${vendor} does not permit this request${answered}`;
    case "quota":
      return `The quota or credit at ${vendor} is used up${answered}`;
    case "rate_limit":
      return `${vendor} limits the rate of requests${answered}`;
    case "refused":
      return `${vendor} refused to answer`;
    case "server":
      return `${vendor} had an internal error${answered}`;
    case "timeout":
      return `${vendor} did not answer in time${answered}`;
  }
}

function hintFor(kind: ErrorKind, { vendor, keyEnv, link }: ProviderErrorDetails): string | undefined {
  if (link !== undefined) return `Open ${link} to continue.`;
  if (kind === "auth" && keyEnv !== undefined) return `Set a valid key: export ${keyEnv}=...`;
  if (kind === "context_overflow")
    return "Shorten the conversation with /compact, or choose a model with a larger window.";
  if (kind === "quota") return `Look at your plan and billing at ${vendor}, or choose another model.`;
  if (kind === "not_found") return "`hearth models` lists the models that can be used.";
  return undefined;
}
