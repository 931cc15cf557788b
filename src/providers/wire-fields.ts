// WireFields: reads fields of JSON that a service sent, without trusting its shape. A wrong type reads as absent.

export type WireObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is WireObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object under the key; an empty one when there is none. */
export function objectField(value: WireObject, key: string): WireObject {
  const field = value[key];
  return isObject(field) ? field : {};
}

/** The objects of the list under the key; other elements are left out. */
export function listField(value: WireObject, key: string): readonly WireObject[] {
  const field = value[key];
  return Array.isArray(field) ? field.filter(isObject) : [];
}

/** The text under the key; empty when there is none. */
export function textField(value: WireObject, key: string): string {
  const field = value[key];
  return typeof field === "string" ? field : "";
}

/** The number under the first of the keys that holds one. */
export function numberField(value: WireObject, ...keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const field = value[key];
    if (typeof field === "number" && Number.isFinite(field)) return field;
  }
  return undefined;
}
