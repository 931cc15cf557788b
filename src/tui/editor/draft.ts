// A draft as text: the input with its pastes in full and its images by path. Pure.
import type { Attachment, Fragment } from "./fragment.ts";

/** `nextToken` is the number of the next paste or image; `session`: the saved session it was written in. */
export type Draft = { content: Fragment; nextToken: number; session?: string };

export function formatDraft({ content: { text, tokens }, nextToken, session }: Draft): string {
  return JSON.stringify({ version: 1, text, tokens, nextToken, session });
}

/** Null for what is no draft, or one that is damaged. */
export function parseDraft(json: string): Draft | null {
  try {
    return readDraft(JSON.parse(json));
  } catch {
    return null; // Half a file of a machine that lost its power.
  }
}

function readDraft(value: unknown): Draft | null {
  if (!isRecord(value) || typeof value.text !== "string" || !Array.isArray(value.tokens)) return null;
  const { text } = value;
  const tokens = value.tokens.map((token: unknown) => readToken(token, text.length));
  const whole = tokens.filter((token) => token !== null);
  const inOrder = whole.every((token, index) => token.start >= (whole[index - 1]?.end ?? 0));
  if (text === "" || whole.length < tokens.length || !inOrder) return null;
  const nextToken = typeof value.nextToken === "number" ? value.nextToken : tokens.length + 1;
  const session = typeof value.session === "string" ? { session: value.session } : {};
  return { content: { text, tokens: whole }, nextToken, ...session };
}

function readToken(value: unknown, length: number): Fragment["tokens"][number] | null {
  if (!isRecord(value)) return null;
  const { start, end } = value;
  if (typeof start !== "number" || typeof end !== "number" || start < 0 || end <= start || end > length) {
    return null;
  }
  const attachment = readAttachment(value.attachment);
  return attachment && { start, end, attachment };
}

function readAttachment(value: unknown): Attachment | null {
  if (!isRecord(value)) return null;
  if (value.kind === "paste" && typeof value.text === "string") return { kind: "paste", text: value.text };
  if (value.kind === "image" && typeof value.path === "string") return { kind: "image", path: value.path };
  return null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
