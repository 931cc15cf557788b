// Signatures of the Responses API: what of an item must travel back with it, kept in the parts' `signature`.
import { isObject, listField, textField, type WireObject } from "../wire-fields.ts";

/** Of a message: its item id and, from GPT-5.3 on, the phase (commentary or final_answer). */
export function signText(item: WireObject): string {
  return JSON.stringify(pick(item, ["id", "phase"]));
}

/** Of a reasoning item: id and encrypted content. `own` marks words of the model in place of a summary. */
export function signReasoning(item: WireObject): string {
  const own = listField(item, "content").length > 0;
  if (textField(item, "encrypted_content") === "" && !own) return "";
  return JSON.stringify({ ...pick(item, ["id", "encrypted_content"]), ...(own ? { own } : {}) });
}

/** Of a function call: its item id (the call id is the call's own) and, with it, the namespace. */
export function signCall(item: WireObject): string {
  return JSON.stringify(pick(item, ["id", "namespace"]));
}

/** The fields that were kept; empty for a missing or foreign signature. */
export function readSignature(signature: string | undefined): WireObject {
  if (signature === undefined) return {};
  try {
    const value: unknown = JSON.parse(signature);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function pick(item: WireObject, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    keys.filter((key) => textField(item, key) !== "").map((key) => [key, textField(item, key)]),
  );
}
