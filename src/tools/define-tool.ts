// defineTool: from a declaration to the Tool that the loop, the gate and the models' requests know.
import { AppError } from "../lib/app-error.ts";
import type { Tool, ToolCallOptions, ToolOutput } from "../protocol/tool.ts";
import { fileDiff } from "./file-diff.ts";
import { type Fields, objectSchema, readFields, type Values } from "./parameters.ts";

export type ToolDefinition<F extends Fields> = {
  name: string;
  description: string;
  parameters: F;
  kind: Tool["kind"];
  /** Default: true for kind read. */
  readOnly?: boolean;
  backgroundable?: boolean;
  /** Another accepted form of the arguments turned into the declared one, before they are checked. */
  prepare?: (args: Record<string, unknown>) => Record<string, unknown>;
  /** Paths that the call reads or changes, as given. */
  paths?: (args: Values<F>) => string[];
  execute: (args: Values<F>, options: ToolCallOptions) => Promise<ToolOutput>;
  /** The file before (null: none) and after the call, without changing it. What it throws means: no preview. */
  change?: (args: Values<F>) => Promise<{ name: string; before: string | null; after: string }>;
};

/** Arguments are checked again on execute: a person or a hook may have changed them in between. */
export function defineTool<F extends Fields>(definition: ToolDefinition<F>): Tool {
  const { name, description, kind, prepare, paths, execute, change } = definition;
  const check = (args: Record<string, unknown>): Values<F> => {
    try {
      return readFields(definition.parameters, prepare ? prepare(args) : args);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw new AppError(error.code, `${name}: ${error.message}`, { cause: error });
    }
  };
  return {
    name,
    description,
    kind,
    parameters: objectSchema(definition.parameters),
    readOnly: definition.readOnly ?? kind === "read",
    ...(definition.backgroundable ? { backgroundable: true } : {}),
    parse: check,
    ...(paths ? { paths: (args) => paths(check(args)) } : {}),
    execute: (args, options) => execute(check(args), options),
    ...(change ? { preview: (args) => previewOf(() => change(check(args))) } : {}),
  };
}

/** A call that cannot work has no preview: the tool itself says what is wrong. */
async function previewOf(
  change: () => Promise<{ name: string; before: string | null; after: string }>,
): Promise<string | undefined> {
  try {
    const { name, before, after } = await change();
    return (await fileDiff(name, before, after))?.patch;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** Output of plain text. */
export function textOutput(text: string, details: ToolOutput["details"] = {}): ToolOutput {
  return { content: [{ type: "text", text }], details };
}
