// Reads a script file (JSON or JSONL) or a script given as data, and says in one sentence what is wrong with it.
import { readFile } from "node:fs/promises";
import type * as z from "zod/mini";
import { AppError } from "../../lib/app-error.ts";
import { checkScript, type Script } from "./script.ts";

/** Throws AppError `stub.script` that names file, place and what was expected. */
export async function loadScript(file: string): Promise<Script> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new AppError("stub.script", `The script ${file} cannot be read.`, { cause: error });
  }
  return parseScript(readJsonOrLines(text, file), file);
}

/** As loadScript, for a value in memory; `name` stands for the file in messages. */
export function parseScript(value: unknown, name: string): Script {
  const result = checkScript(value);
  if ("script" in result) return result.script;
  throw new AppError("stub.script", `${name}: ${describe(result.issues[0])}`, {
    hint: "A script is a list of replies, or {replies, rules, loop, models}.",
  });
}

function readJsonOrLines(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const lines = text.split("\n").map((line, index) => ({ line: line.trim(), number: index + 1 }));
    const filled = lines.filter(({ line }) => line !== "");
    const first = filled[0];
    if (filled.length < 2 || !first || !isJson(first.line)) throw notJson(file, error);
    return filled.map(({ line, number }) => readLine(line, `${file}:${number}`));
  }
}

function readLine(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw notJson(place, error);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function notJson(place: string, error: unknown): AppError {
  const detail = error instanceof Error ? error.message : String(error);
  return new AppError("stub.script", `${place}: not valid JSON (${detail}).`, { cause: error });
}

function describe(issue: z.core.$ZodIssue | undefined): string {
  if (!issue) return "the script is not valid.";
  const path = formatPath(issue.path);
  const place = path === "" ? "" : `${path}: `;
  switch (issue.code) {
    case "unrecognized_keys":
      return `${place}unknown key "${issue.keys[0]}".`;
    case "invalid_type":
      return `${place}expected ${issue.expected}.`;
    case "invalid_value":
      return `${place}expected one of ${issue.values.map(String).join(", ")}.`;
    case "too_small":
      return `${place}expected a number of at least ${issue.minimum}.`;
    case "too_big":
      return `${place}expected a number of at most ${issue.maximum}.`;
    case "invalid_union":
      return `${place}expected ${unionOptions(issue)}.`;
    case "invalid_format":
    case "not_multiple_of":
    case "invalid_key":
    case "invalid_element":
    case "custom":
      return `${place}${issue.message}.`;
  }
}

/** Kinds that name themselves, else the one plain union there is: arguments. */
function unionOptions(issue: z.core.$ZodIssueInvalidUnion): string {
  const kinds = "options" in issue ? issue.options : undefined;
  return kinds ? `one of ${kinds.map(String).join(", ")}` : "an object or a text";
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}
