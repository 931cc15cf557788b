// Reading foreign JSON: nothing is where it should be, and nothing throws.

export type Fields = Readonly<Record<string, unknown>>;

const NOTHING: Fields = {};

/** The value as an object; null for anything else. */
export function fieldsOf(value: unknown): Fields | null {
  // Checked just now: an object that is no array.
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The object in a field; an empty one where there is none. */
export function inner(fields: Fields, name: string): Fields {
  return fieldsOf(fields[name]) ?? NOTHING;
}

/** "" where there is no text. */
export function textIn(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === "string" ? value : "";
}

/** null where there is no text, or an empty one. */
export function textOrNull(fields: Fields, name: string): string | null {
  return textIn(fields, name) || null;
}

/** 0 where there is no count. */
export function countIn(fields: Fields, name: string): number {
  const value = fields[name];
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}

export function listIn(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  return Array.isArray(value) ? value : [];
}

/** The objects of a list. */
export function objectsIn(fields: Fields, name: string): Fields[] {
  return fieldsIn(listIn(fields, name));
}

/** Those of the values that are objects. */
export function fieldsIn(values: readonly unknown[]): Fields[] {
  return values.map(fieldsOf).filter((value) => value !== null);
}

const LATEST_MS = Date.UTC(9999, 0);

/** A time as ISO 8601: of a date text, or of milliseconds since the epoch. null for anything else. */
export function isoTime(value: unknown): string | null {
  const ms = typeof value === "string" ? Date.parse(value) : typeof value === "number" ? value : Number.NaN;
  return ms > 0 && ms < LATEST_MS ? new Date(ms).toISOString() : null;
}

/** A JSON text as an object; null when it is none. */
export function parsedFields(text: string): Fields | null {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return null; // Half a text of an answer that was cut off: the caller keeps the text.
  }
}

/** The picture of a data URL; null for any other address. */
export function dataUrlImage(url: string): { type: "image"; mimeType: string; data: string } | null {
  const match = /^data:(image\/[\w.+-]+);base64,([A-Za-z0-9+/=\s]+)$/.exec(url);
  const [, mimeType, data] = match ?? [];
  return mimeType === undefined || data === undefined ? null : { type: "image", mimeType, data };
}
