// The tools that a request of any wire API offers to the model. Reads, never checks.
import { field, listOf, textOf } from "./json-fields.ts";

/** `freeform`: its input is plain text, not JSON (OpenAI's custom tools). */
export type OfferedTool = { name: string; freeform: boolean };

/** OpenAI's chat API wraps a function, Google lists declarations in each tool; the others name the tool itself. */
export function offeredTools(body: unknown): OfferedTool[] {
  return listOf(field(body, "tools"))
    .flatMap((tool) => [tool, field(tool, "function"), ...listOf(field(tool, "functionDeclarations"))])
    .map((tool) => ({ name: textOf(field(tool, "name")), freeform: isFreeform(tool) }))
    .filter(({ name }) => name !== "");
}

/** Anthropic calls any tool of the client's own "custom"; those have a schema. */
function isFreeform(tool: unknown): boolean {
  return field(tool, "type") === "custom" && field(tool, "input_schema") === undefined;
}
