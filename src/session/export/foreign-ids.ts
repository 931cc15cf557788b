// Ids for the programs that a session is handed to: the same session gives the same ones.
import { createHash } from "node:crypto";

/** A UUID made of what it stands for; version 4 in form, for programs that look at that. */
export function uuidOf(...names: readonly string[]): string {
  const bytes = createHash("sha256").update(names.join("\n")).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A tool call's id as every service takes it. */
export function callId(id: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(id)) return id;
  return `call_${createHash("sha256").update(id).digest("hex").slice(0, 24)}`;
}
