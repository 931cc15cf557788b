// The JSON Schema of a line of a session file, made from the schemas that read it.
import * as z from "zod/mini";
import { SESSION_VERSION, SessionEntry, SessionHeader } from "../protocol/session-entry.ts";
import { PlanEntry, StateEntry } from "./state-entry.ts";

/**
 * A line is the header (the first one alone), an entry of one of the known types, or an entry of a type of a newer
 * version, of which only its place is known. `$defs` holds each by its type. Fields of a newer version are allowed.
 */
export function sessionJsonSchema(): { $defs: Record<string, object>; [key: string]: unknown } {
  const known = [SessionHeader, ...SessionEntry.def.options, StateEntry, PlanEntry];
  const definitions = known.map((schema): [string, object] => {
    const { $schema: _, ...definition } = z.toJSONSchema(schema, { io: "input" });
    return [[...schema.shape.type.def.values].join(), definition];
  });
  const types = definitions.map(([type]) => type);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `A line of a Hearth session file, format version ${SESSION_VERSION}`,
    anyOf: [...types, "unknown"].map((type) => ({ $ref: `#/$defs/${type}` })),
    $defs: { ...Object.fromEntries(definitions), unknown: unknownEntry(types) },
  };
}

function unknownEntry(types: readonly string[]): object {
  return {
    description: "An entry of a type that this version does not know; it is kept as it is.",
    type: "object",
    properties: {
      type: { type: "string", not: { enum: types } },
      id: { type: "string" },
      parentId: { anyOf: [{ type: "string" }, { type: "null" }] },
      time: { type: "string" },
    },
    required: ["type", "id", "parentId"],
  };
}
