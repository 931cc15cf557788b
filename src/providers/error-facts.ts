// ErrorFacts: what any thrown value says, whichever SDK, socket or error body it came from. Reads, judges nothing.

export type ErrorFacts = {
  /** HTTP status, from a field or from the start of the message ("429 Too many requests"). */
  status: number | undefined;
  /** What services wrote in error bodies, outermost first. */
  bodyTexts: readonly string[];
  /** Messages of the error objects themselves, outermost first; a cause comes after what it caused. */
  errorTexts: readonly string[];
  /** Machine words: codes, types, reasons, error names, quota ids. */
  words: readonly string[];
  /** Waits asked for in the body, such as Google's RetryInfo ("45.1s"). */
  retryDelays: readonly string[];
  /** Web pages the service asks the user to open. */
  links: readonly string[];
  header: (name: string) => string | null;
};

const TEXT_KEYS = new Set(["message", "error", "detail", "raw", "description", "msg", "error_description"]);
const WORD_KEYS = new Set(["code", "type", "status", "reason", "name", "quotaId", "quota_limit", "domain"]);
const STATUS_KEYS = new Set(["status", "statusCode", "code", "http_status"]);
const HIDDEN_KEYS = ["name", "message", "cause", "errors"];
const MAX_DEPTH = 8;
const MAX_NODES = 300;

type Collected = {
  status: number | undefined;
  bodyTexts: string[];
  errorTexts: string[];
  words: string[];
  retryDelays: string[];
  helpLinks: string[];
  validationLinks: string[];
  headers: unknown;
  seen: Set<object>;
};

/** Walks the value's fields, causes and JSON inside messages; safe on cycles and on any depth. */
export function readErrorFacts(error: unknown): ErrorFacts {
  const found: Collected = {
    status: undefined,
    bodyTexts: [],
    errorTexts: [],
    words: [],
    retryDelays: [],
    helpLinks: [],
    validationLinks: [],
    headers: undefined,
    seen: new Set(),
  };
  if (typeof error === "string") addText(found, found.bodyTexts, error, 0);
  else visit(found, error, 0);
  const texts = [...found.bodyTexts, ...found.errorTexts];
  return {
    status: found.status ?? statusInText(texts),
    bodyTexts: found.bodyTexts,
    errorTexts: found.errorTexts,
    words: found.words,
    retryDelays: found.retryDelays,
    links: [...found.helpLinks, ...found.validationLinks],
    header: (name) => headerOf(found.headers, name),
  };
}

function visit(found: Collected, value: unknown, depth: number): void {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return;
  if (found.seen.has(value) || found.seen.size > MAX_NODES) return;
  found.seen.add(value);
  const isError = value instanceof Error;
  for (const [key, field] of fieldsOf(value)) {
    if (key === "headers" && found.headers === undefined) found.headers = field;
    else if (typeof field === "string") addString(found, key, field, { isError, depth });
    else if (typeof field === "number") addNumber(found, key, field);
    else visit(found, field, depth + 1);
  }
}

/** Own fields, with those that errors keep out of enumeration. */
function fieldsOf(value: object): [string, unknown][] {
  const fields = Object.entries(value).filter(
    ([key]) => !HIDDEN_KEYS.includes(key) || !(value instanceof Error),
  );
  if (!(value instanceof Error)) return fields;
  const hidden: [string, unknown][] = HIDDEN_KEYS.filter((key) => key in value).map((key) => [
    key,
    Reflect.get(value, key),
  ]);
  return [...hidden, ...fields];
}

function addString(
  found: Collected,
  key: string,
  text: string,
  { isError, depth }: { isError: boolean; depth: number },
): void {
  if (key === "retryDelay") found.retryDelays.push(text);
  else if (key === "url") found.helpLinks.push(text);
  else if (key === "validation_link") found.validationLinks.push(text);
  else if (WORD_KEYS.has(key)) found.words.push(text);
  else if (TEXT_KEYS.has(key)) addText(found, isError ? found.errorTexts : found.bodyTexts, text, depth);
}

/** Some services, and Google's SDK, put whole JSON bodies into a message; those are walked instead. */
function addText(found: Collected, texts: string[], text: string, depth: number): void {
  const trimmed = text.trim();
  if (trimmed === "") return;
  const start = trimmed.search(/[{[]/);
  const json = start === 0 ? parseObject(trimmed) : null;
  if (json) visit(found, json, depth + 1);
  else if (!texts.includes(trimmed)) texts.push(trimmed);
}

function addNumber(found: Collected, key: string, value: number): void {
  if (!STATUS_KEYS.has(key)) return;
  if (found.status === undefined && value >= 100 && value < 600) found.status = value;
  found.words.push(String(value));
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function statusInText(texts: readonly string[]): number | undefined {
  for (const text of texts) {
    const match = /^(?:error:?\s*)?([45]\d\d)\b/i.exec(text);
    if (match) return Number(match[1]);
  }
  return undefined;
}

function headerOf(headers: unknown, name: string): string | null {
  if (headers instanceof Headers) return headers.get(name);
  if (typeof headers !== "object" || headers === null) return null;
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return entry === undefined ? null : String(entry[1]);
}
