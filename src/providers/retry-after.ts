// RetryAfter: how long a service asks to wait, in whichever of the known ways it says so.
import type { ErrorFacts } from "./error-facts.ts";

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Epoch seconds start here (2001); smaller numbers in a reset header are a wait. */
const EPOCH_SECONDS = 1_000_000_000;
const EPOCH_MS = 1_000_000_000_000;

/** Milliseconds to wait, undefined when nothing usable is said. Headers win over the body, the body over text. */
export function readRetryAfter(facts: ErrorFacts, now: number): number | undefined {
  return (
    fromRetryHeaders(facts, now) ??
    firstDuration(facts.retryDelays) ??
    fromText([...facts.bodyTexts, ...facts.errorTexts]) ??
    fromResetHeaders(facts, now) ??
    fromQuotaWords(facts)
  );
}

function fromRetryHeaders(facts: ErrorFacts, now: number): number | undefined {
  const milliseconds = number(facts.header("retry-after-ms"));
  if (milliseconds !== undefined) return milliseconds;
  const value = facts.header("retry-after");
  const seconds = number(value);
  if (seconds !== undefined) return seconds * 1000;
  return value === null ? undefined : untilDate(value, now);
}

/** The reset of a limit matters only where nothing remains of it. Source: OpenAI, Groq and OpenRouter docs. */
function fromResetHeaders(facts: ErrorFacts, now: number): number | undefined {
  if (facts.status !== 429) return undefined;
  for (const suffix of ["", "-requests", "-tokens"]) {
    if (suffix !== "" && facts.header(`x-ratelimit-remaining${suffix}`) !== "0") continue;
    const value = facts.header(`x-ratelimit-reset${suffix}`);
    const wait = value === null ? undefined : resetWait(value, now);
    if (wait !== undefined) return wait;
  }
  return undefined;
}

function resetWait(value: string, now: number): number | undefined {
  const plain = number(value);
  if (plain === undefined) return parseDuration(value) ?? untilDate(value, now);
  if (plain >= EPOCH_MS) return Math.max(0, plain - now);
  if (plain >= EPOCH_SECONDS) return Math.max(0, plain * 1000 - now);
  return plain * 1000;
}

/** "Please try again in 1m30.5s", "Please retry in 44.09s", "quota will reset after 10m". */
function fromText(texts: readonly string[]): number | undefined {
  for (const text of texts) {
    const match = /(?:retry|try again|reset) (?:in|after) ((?:\d+(?:\.\d+)? ?(?:ms|[smhd])[a-z]*\s*)+)/i.exec(
      text,
    );
    const wait = match?.[1] === undefined ? undefined : parseDuration(match[1]);
    if (wait !== undefined) return wait;
  }
  return undefined;
}

/** Google names a per-minute quota without a delay: a minute is then what it takes. */
function fromQuotaWords(facts: ErrorFacts): number | undefined {
  return facts.words.some((word) => /per_?minute/i.test(word)) ? 60_000 : undefined;
}

function firstDuration(values: readonly string[]): number | undefined {
  return values.map(parseDuration).find((value) => value !== undefined);
}

function parseDuration(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?) ?(ms|[smhd])/gi)];
  if (parts.length === 0) return undefined;
  return parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit?.toLowerCase() ?? ""] ?? 0),
    0,
  );
}

function untilDate(value: string, now: number): number | undefined {
  const time = /\d{4}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}

function number(value: string | null): number | undefined {
  if (value === null || value.trim() === "") return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) && parsed >= 0 ? parsed : undefined;
}
