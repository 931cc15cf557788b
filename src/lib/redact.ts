// Redaction: known kinds of secrets in a text are replaced before it is exported, logged or shown in an error.

/**
 * One kind of secret. Shapes from the issuers' own pages and from GitHub's list of scanned patterns
 * (https://docs.github.com/code-security/secret-scanning). Every pattern is linear in the text's length.
 */
const SECRETS: readonly { kind: string; pattern: RegExp }[] = [
  {
    kind: "private key",
    pattern:
      /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:(?!-----END)[\s\S]){0,20000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
  },
  { kind: "Anthropic key", pattern: /\bsk-ant-[A-Za-z0-9_-]{8,}/g },
  { kind: "OpenRouter key", pattern: /\bsk-or-[A-Za-z0-9_-]{8,}/g },
  { kind: "API key", pattern: /\bsk-(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{16,}/g },
  { kind: "Google key", pattern: /\bAIza[A-Za-z0-9_-]{30,}/g },
  { kind: "Google token", pattern: /\bya29\.[A-Za-z0-9_-]{20,}/g },
  { kind: "GitHub token", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g },
  { kind: "GitLab token", pattern: /\bglpat-[A-Za-z0-9_-]{16,}/g },
  { kind: "npm token", pattern: /\bnpm_[A-Za-z0-9]{30,}/g },
  { kind: "Slack token", pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  { kind: "Stripe key", pattern: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g },
  { kind: "AWS key id", pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  {
    kind: "AWS secret",
    pattern:
      /(?<=aws_?secret_?(?:access_?)?key["']?\s{0,5}[=:]\s{0,5}["']?)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/gi,
  },
  { kind: "JWT", pattern: /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g },
  { kind: "token", pattern: /(?<=\bBearer\s)[A-Za-z0-9._~+/-]{20,}=*/g },
  { kind: "password", pattern: /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{1,100}:)[^\s/:@]{3,200}(?=@)/g },
];

/** The text with every known secret replaced by `[redacted: KIND]`, and how many there were. */
export function redact(text: string): { text: string; count: number } {
  let count = 0;
  let result = text;
  for (const { kind, pattern } of SECRETS) {
    result = result.replace(pattern, () => {
      count++;
      return `[redacted: ${kind}]`;
    });
  }
  return { text: result, count };
}

/**
 * A copy of a JSON value in which every string went through `redact`; names of fields are kept, and so are the
 * values of the fields in `except`, such as base64 data, in which anything can look like a key.
 */
export function redactValue(value: unknown, except: ReadonlySet<string>): unknown {
  if (typeof value === "string") return redact(value).text;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, except));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value);
  return Object.fromEntries(
    fields.map(([key, inner]) => [key, except.has(key) ? inner : redactValue(inner, except)]),
  );
}
