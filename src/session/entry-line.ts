// One line of a session file: written with its place in the tree first, so that a reader can follow the tree
// without parsing what it does not need.
import type * as z from "zod/mini";
import { SessionEntry, SessionHeader, type UnknownEntry } from "../protocol/session-entry.ts";
import { type KnownEntry, PlanEntry, StateEntry, type StoredEntry } from "./state-entry.ts";

/** Where an entry stands in the tree. */
export type EntryPlace = { type: string; id: string; parentId: string | null };

const PLACE = /^\{"type":"([a-z_]+)","id":"([^"\\]+)","parentId":(?:null|"([^"\\]+)"),"time":"/;
/** Bytes that hold the place of any entry with ids of ours. */
const PLACE_BYTES = 256;

const SCHEMAS: ReadonlyMap<string, z.ZodMiniType> = new Map(
  [...SessionEntry.def.options, StateEntry, PlanEntry].flatMap((schema) =>
    schema.shape.type.def.values.map((type): [string, z.ZodMiniType] => [type, schema]),
  ),
);

/** The line with its line feed. */
export function headerLine(header: SessionHeader): string {
  return `${JSON.stringify(header)}\n`;
}

/** The line with its line feed. */
export function entryLine(entry: StoredEntry): string {
  if (entry.type === "unknown") return `${JSON.stringify(entry.raw)}\n`;
  const { type, id, parentId, time, ...rest } = entry;
  return `${JSON.stringify({ type, id, parentId, time, ...rest })}\n`;
}

/** null when the line is no header of a session. */
export function parseHeader(bytes: Buffer): SessionHeader | null {
  const result = SessionHeader.safeParse(parseJson(bytes));
  return result.success ? result.data : null;
}

/** The version that a header line names, also of a header whose other fields this version does not know. */
export function headerVersion(bytes: Buffer): number | null {
  const value = parseJson(bytes);
  if (typeof value !== "object" || value === null || !("type" in value && "version" in value)) return null;
  return value.type === "session" && typeof value.version === "number" ? value.version : null;
}

/** null when the line is no entry at all. Looks only at the first bytes of lines that we wrote. */
export function readPlace(bytes: Buffer): EntryPlace | null {
  const match = PLACE.exec(bytes.toString("utf8", 0, PLACE_BYTES));
  const [, type, id, parentId] = match ?? [];
  if (type !== undefined && id !== undefined) return { type, id, parentId: parentId ?? null };
  const value = parseJson(bytes);
  return isPlaced(value) ? { type: value.type, id: value.id, parentId: value.parentId } : null;
}

/** null when the line cannot be read; an entry of a type this version does not know comes as `unknown`. */
export function parseEntry(bytes: Buffer): StoredEntry | null {
  const value = parseJson(bytes);
  if (!isPlaced(value)) return null;
  const schema = SCHEMAS.get(value.type);
  if (schema === undefined) {
    const { id, parentId, time } = value;
    return { type: "unknown", id, parentId, time: typeof time === "string" ? time : "", raw: value };
  }
  // Checked, but not copied: fields that a newer version added stay.
  return schema.safeParse(value).success ? (value as unknown as KnownEntry) : null;
}

function isPlaced(value: unknown): value is UnknownEntry {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    typeof value.type === "string" &&
    value.type !== "session" &&
    "id" in value &&
    typeof value.id === "string" &&
    "parentId" in value &&
    (value.parentId === null || typeof value.parentId === "string")
  );
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined; // The caller tells the person which line it was.
  }
}
