// Turns a schema issue into one sentence with path and expected type, and a hint.
import type * as z from "zod/mini";
import { nearest } from "../lib/nearest.ts";

type Issue = z.core.$ZodIssue;

/** `known` are the keys of the top level, for a suggestion when one is misspelt. */
export function describeIssue(
  issue: Issue | undefined,
  known: readonly string[],
): { message: string; hint: string } {
  const hint = "`hearth config schema` prints every setting with its type.";
  if (!issue) return { message: "the settings are not valid.", hint };
  const path = formatPath(issue.path);
  switch (issue.code) {
    case "unrecognized_keys": {
      const key = issue.keys[0] ?? "";
      const suggestion = path === "" ? nearest(key, known) : undefined;
      const full = path === "" ? key : `${path}.${key}`;
      return {
        message: `unknown setting "${full}".`,
        hint: suggestion ? `Did you mean "${suggestion}"?` : hint,
      };
    }
    case "invalid_type":
      return { message: `${path || "the file"}: expected ${issue.expected}${given(issue.input)}.`, hint };
    case "invalid_value":
      return {
        message: `${path}: expected one of ${issue.values.map(String).join(", ")}${given(issue.input)}.`,
        hint,
      };
    case "too_small":
      return { message: `${path}: expected a number above ${issue.minimum}.`, hint };
    case "invalid_union":
      return { message: `${path}: expected ${unionTypes(issue)}${given(issue.input)}.`, hint };
    case "too_big":
    case "invalid_format":
    case "not_multiple_of":
    case "invalid_key":
    case "invalid_element":
    case "custom":
      return { message: `${path}: ${issue.message}.`, hint };
  }
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}

function given(input: unknown): string {
  if (input === undefined) return "";
  return `, got ${JSON.stringify(input)?.slice(0, 60) ?? typeof input}`;
}

function unionTypes(issue: z.core.$ZodIssueInvalidUnion): string {
  const parts = issue.errors.flat().map((inner) => {
    if (inner.code === "invalid_type") return inner.expected;
    if (inner.code === "invalid_value") return inner.values.map(String).join(", ");
    return "an object";
  });
  return [...new Set(parts)].join(" or ");
}
