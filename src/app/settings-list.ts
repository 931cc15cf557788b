// The settings as rows for a list: each with its value in force, where that comes from and how it can be changed. Pure.
import { SETTING_GROUPS, type SettingGroup, settingGroup } from "../config/setting-texts.ts";
import { readRecord } from "../config/state-shapes.ts";
import { redact } from "../lib/redact.ts";

/** `choice`: what was chosen by command and is kept among the preferences. Weakest first. */
export type SettingSource = "default" | "user" | "choice" | "project" | "env" | "flag";

/** One layer as it is written: `${VAR}` stands for itself. */
export type SettingLayer = { source: SettingSource; values: unknown };

/** How a value can be changed; lists and tables are edited in their file. */
export type SettingKind =
  | { type: "switch" }
  | { type: "choice"; values: readonly string[] }
  | { type: "number" }
  | { type: "text" }
  | { type: "list" }
  | { type: "table" };

export type SettingRow = {
  /** `model`, `retry.attempts`. */
  path: string;
  group: SettingGroup;
  /** One sentence. */
  description: string;
  kind: SettingKind;
  /** As written in the layer it comes from; undefined where no layer has it. */
  value: unknown;
  /** For a screen: one line, without secrets. */
  shown: string;
  /** The strongest layer that has it; of a setting that nobody set, `default`. */
  source: SettingSource;
  /** All layers that have it, weakest first. */
  layers: readonly { source: SettingSource; value: unknown }[];
};

/** Every setting of the JSON Schema but `$schema`, which is for editors; in the order of the groups. */
export function listSettings(schema: object, layers: readonly SettingLayer[]): SettingRow[] {
  const rows = leavesOf(readRecord(schema) ?? {}, []).map((leaf) => rowOf(leaf, layers));
  return SETTING_GROUPS.flatMap((group) => rows.filter((row) => row.group === group));
}

type Schema = Readonly<Record<string, unknown>>;
type Leaf = { path: string; schema: Schema };

function leavesOf(schema: Schema, above: readonly string[]): Leaf[] {
  return Object.entries(readRecord(schema.properties) ?? {}).flatMap(([name, value]) => {
    if (name === "$schema") return [];
    const inner = readRecord(value) ?? {};
    const path = [...above, name];
    return inner.properties ? leavesOf(inner, path) : [{ path: path.join("."), schema: inner }];
  });
}

function rowOf({ path, schema }: Leaf, layers: readonly SettingLayer[]): SettingRow {
  const holders = layers.flatMap(({ source, values }) => {
    const value = readPath(values, path);
    return value === undefined ? [] : [{ source, value }];
  });
  const kind = kindOf(schema);
  const strongest = holders.at(-1);
  const value = kind.type === "table" ? mergedTable(holders) : strongest?.value;
  return {
    path,
    group: settingGroup(path) ?? "context",
    description: typeof schema.description === "string" ? schema.description : "",
    kind,
    value,
    shown: showSetting(value, kind),
    source: strongest?.source ?? "default",
    layers: holders,
  };
}

function kindOf({ type, enum: values }: Schema): SettingKind {
  if (Array.isArray(values)) return { type: "choice", values: values.map(String) };
  switch (type) {
    case "boolean":
      return { type: "switch" };
    case "number":
    case "integer":
      return { type: "number" };
    case "array":
      return { type: "list" };
    case "object":
      return { type: "table" };
    default:
      return { type: "text" };
  }
}

/** A value on one line. Of tables only the names: what is in them may be secret (headers, variables). */
export function showSetting(value: unknown, kind: SettingKind): string {
  if (value === undefined) return "not set";
  if (kind.type === "table") return Object.keys(readRecord(value) ?? {}).join(", ") || "empty";
  if (Array.isArray(value)) return redact(value.map(String).join(", ")).text || "empty";
  return redact(String(value)).text.replaceAll(/\s+/g, " ");
}

/** A value that is not put on a screen, not even to be edited. */
export function holdsSecret({ value }: SettingRow): boolean {
  return typeof value === "string" && redact(value).count > 0;
}

/** Layers add up key by key. */
function mergedTable(holders: SettingRow["layers"]): unknown {
  if (holders.length === 0) return undefined;
  return Object.assign({}, ...holders.map(({ value }) => readRecord(value) ?? {}));
}

function readPath(values: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => readRecord(value)?.[key], values);
}
