// Parameters of tools, declared once: the JSON Schema a model sees, the check of what it sends, and the type
// that execute gets. Lenient where models are loose (numbers and lists as text, null for absent), never guessing.
import { AppError } from "../lib/app-error.ts";
import { withOurNames } from "./aliases.ts";

/** `read` returns the value or throws `tool.arguments` naming the field. */
export type Field<T> = {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly required: boolean;
  readonly read: (value: unknown, name: string) => T;
};
export type Fields = Readonly<Record<string, Field<unknown>>>;
export type Values<F extends Fields> = { [K in keyof F]: F[K] extends Field<infer T> ? T : never };

export function text(description: string): Field<string> {
  return field({ type: "string", ...described(description) }, (value, name) => {
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    throw wrong(name, "text", value);
  });
}

/** A whole number of at least `min`; above `max` it becomes `max`. */
export function whole(description: string, limits: { min: number; max?: number }): Field<number> {
  return field({ type: "integer", ...described(description) }, (value, name) => {
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number !== "number" || !Number.isFinite(number)) throw wrong(name, "a number", value);
    if (number < limits.min) throw wrong(name, `at least ${limits.min}`, value);
    return Math.min(Math.floor(number), limits.max ?? Number.MAX_SAFE_INTEGER);
  });
}

export function flag(description: string): Field<boolean> {
  return field({ type: "boolean", ...described(description) }, (value, name) => {
    if (value === true || value === "true") return true;
    if (value === false || value === "false") return false;
    throw wrong(name, "true or false", value);
  });
}

/** One of `values`; `foreign` maps the words of other programs' tools to ours. */
export function choice<const T extends string>(
  description: string,
  values: readonly T[],
  foreign: Readonly<Record<string, T>> = {},
): Field<T> {
  return field({ type: "string", enum: values, ...described(description) }, (value, name) => {
    const found = values.find((one) => one === value);
    const translated = found ?? (typeof value === "string" ? foreign[value] : undefined);
    if (translated === undefined) throw wrong(name, `one of ${values.join(", ")}`, value);
    return translated;
  });
}

/** A list; one bare item counts as a list of one, a list written as JSON text as the list. */
export function list<T>(item: Field<T>, description: string): Field<T[]> {
  return field({ type: "array", items: item.schema, ...described(description) }, (value, name) => {
    const parsed = typeof value === "string" ? (jsonList(value) ?? [value]) : value;
    const items = Array.isArray(parsed) ? parsed : [parsed];
    return items.map((one: unknown, index) => item.read(one, `${name}[${index}]`));
  });
}

/** A nested object. Unknown fields are ignored; other programs' names for ours are understood. */
export function object<F extends Fields>(fields: F): Field<Values<F>> {
  return field(objectSchema(fields), (value, name) => {
    if (!isRecord(value)) throw wrong(name, "an object", value);
    return readFields(fields, value, `${name}.`);
  });
}

export function optional<T>({ schema, read }: Field<T>): Field<T | undefined> {
  return {
    schema,
    required: false,
    read: (value, name) => (value === undefined || value === null ? undefined : read(value, name)),
  };
}

export function objectSchema(fields: Fields): Record<string, unknown> {
  const entries = Object.entries(fields);
  const required = entries.filter(([, { required: must }]) => must).map(([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
    ...(required.length > 0 ? { required } : {}),
  };
}

/** The values of all fields; `prefix` leads to this object in error texts. Absent optional fields stay out. */
export function readFields<F extends Fields>(fields: F, args: object, prefix = ""): Values<F> {
  const given = withOurNames(args, Object.keys(fields));
  const values: Record<string, unknown> = {};
  for (const [name, { read, required }] of Object.entries(fields)) {
    const value = given[name];
    if (required && (value === undefined || value === null)) {
      throw new AppError("tool.arguments", `\`${prefix}${name}\` is required.`);
    }
    const checked = read(value, `${prefix}${name}`);
    if (checked !== undefined) values[name] = checked;
  }
  // Each field was read by its own Field<T> just above, which is what Values<F> says.
  return values as Values<F>;
}

function field<T>(schema: Record<string, unknown>, read: Field<T>["read"]): Field<T> {
  return { schema, required: true, read };
}

function described(description: string): { description?: string } {
  return description === "" ? {} : { description };
}

function wrong(name: string, wanted: string, value: unknown): AppError {
  const shown = JSON.stringify(value) ?? String(value);
  const got = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
  return new AppError("tool.arguments", `\`${name}\` must be ${wanted}, not ${got}.`);
}

function jsonList(value: string): unknown[] | null {
  if (!value.trimStart().startsWith("[")) return null;
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    // Not JSON: the text itself is the one item.
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
