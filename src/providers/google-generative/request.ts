// Request to the Gemini API: ours to the wire's, pure. The same messages always come out the same, byte for byte.
import type { Content, FunctionDeclaration, Part } from "@google/genai";
import type { ImageContent, InputContent, ToolCallContent } from "../../protocol/content.ts";
import type { AssistantMessage, Message, ToolResultMessage } from "../../protocol/message.ts";
import type { Model } from "../../protocol/model.ts";
import type { ModelRequest, ToolSchema } from "../../protocol/stream.ts";
import { effortWord, nearestThinking } from "../effort.ts";
import { outputLimit } from "../output-limit.ts";
import { thinkingBudget } from "../thinking-budget.ts";
import { EMPTY_RESULT } from "../transcript.prompt.ts";
import { prepareMessages, toolIdMapper } from "../transcript.ts";
import { isObject } from "../wire-fields.ts";

/** SDK parameters without its enums: `thinkingLevel` is the name of one of its ThinkingLevel. */
export type GoogleRequest = {
  model: string;
  contents: Content[];
  config: {
    systemInstruction?: string;
    tools?: { functionDeclarations: FunctionDeclaration[] }[];
    maxOutputTokens: number;
  };
  thinking: GoogleThinking | null;
};

export type GoogleThinking =
  | { includeThoughts: boolean; thinkingBudget: number }
  | { includeThoughts: boolean; thinkingLevel: ThinkingLevelName };

type ThinkingLevelName = "MINIMAL" | "LOW" | "MEDIUM" | "HIGH";

/**
 * Stands for the signature of a call that another model made; Gemini 3 refuses calls without one.
 * https://ai.google.dev/gemini-api/docs/thought-signatures
 */
const NO_SIGNATURE = "skip_thought_signature_validator";

const GEMINI_3 = /^gemini-(?:[3-9]|\d\d)/;
/** https://ai.google.dev/gemini-api/docs/thinking#set-budget: 2.5 Pro takes 128 to 32,768, the others 0 to 24,576. */
const ALWAYS_THINKING = /^gemini-2\.5-pro/;
const LEAST_BUDGET = 128;
const LARGEST_BUDGET = 24_576;

const toolId = toolIdMapper({ forbidden: /[^a-zA-Z0-9_-]/g, maxLength: 64 });

export function googleRequest(request: ModelRequest): GoogleRequest {
  const { model, system, tools, messages } = request;
  const thinking = thinkingOf(request);
  const budget = thinking && "thinkingBudget" in thinking ? thinking.thinkingBudget : 0;
  return {
    model: model.id,
    contents: wireContents(prepareMessages(messages, model), isGemini3(model)),
    config: {
      ...(system === "" ? {} : { systemInstruction: system }),
      ...(tools.length === 0 ? {} : { tools: [{ functionDeclarations: tools.map(declaration) }] }),
      maxOutputTokens: outputLimit(request, budget),
    },
    thinking,
  };
}

/** From the third generation on thinking is asked for by a word, before by a number. */
function thinkingOf({ model, thinking }: ModelRequest): GoogleThinking | null {
  const level = nearestThinking(model, thinking);
  if (level === null) return null;
  const includeThoughts = level !== "off";
  if (isAskedByWord(model)) return { includeThoughts, thinkingLevel: levelName(effortWord(model, level)) };
  const min = ALWAYS_THINKING.test(model.id) ? LEAST_BUDGET : 0;
  return { includeThoughts, thinkingBudget: thinkingBudget(level, { min, max: LARGEST_BUDGET }) };
}

/** The catalog gives words to those that take them; ids tell of models it does not know. */
function isAskedByWord(model: Model): boolean {
  return isObject(model.compat?.effort) || GEMINI_3.test(model.id);
}

function levelName(word: string | undefined): ThinkingLevelName {
  switch (word) {
    case undefined:
    case "minimal":
      return "MINIMAL";
    case "low":
      return "LOW";
    case "medium":
      return "MEDIUM";
    default:
      return "HIGH";
  }
}

/** Its calls must be signed and its results may hold images; names such as gemini-flash-latest stand for it too. */
function isGemini3(model: Model): boolean {
  return model.id.startsWith("gemini-") && isAskedByWord(model);
}

function declaration({ name, description, parameters }: ToolSchema): FunctionDeclaration {
  return { name, description, parametersJsonSchema: parameters };
}

/** Results of one step stand in one content; what a person or the program said stands in its own. */
function wireContents(messages: readonly Message[], isNew: boolean): Content[] {
  const contents: Content[] = [];
  let results: ToolResultMessage[] = [];
  const flush = () => {
    if (results.length > 0) contents.push(...resultContents(results, isNew));
    results = [];
  };
  for (const message of messages) {
    if (message.role === "tool_result") {
      results.push(message);
      continue;
    }
    flush();
    const content =
      message.role === "assistant"
        ? { role: "model", parts: assistantParts(message, isNew) }
        : { role: "user", parts: message.content.map(inputPart) };
    if (content.parts.length > 0) contents.push(content);
  }
  flush();
  return contents;
}

function assistantParts({ content }: AssistantMessage, isNew: boolean): Part[] {
  const firstCall = content.find((part) => part.type === "tool_call");
  return content.flatMap((part): Part[] => {
    const signed = part.signature === undefined ? {} : { thoughtSignature: part.signature };
    if (part.type === "text") return [{ text: part.text, ...signed }];
    if (part.type === "tool_call") {
      const needsOne = isNew && part === firstCall && part.signature === undefined;
      return [{ ...callPart(part), ...(needsOne ? { thoughtSignature: NO_SIGNATURE } : signed) }];
    }
    return part.signature === undefined ? [] : [{ text: part.text, thought: true, ...signed }];
  });
}

function callPart({ id, name, arguments: args }: ToolCallContent): Part {
  return { functionCall: { id: toolId(id), name, args } };
}

/** Older models take no images inside results: those follow as a user's. */
function resultContents(results: readonly ToolResultMessage[], isNew: boolean): Content[] {
  const contents: Content[] = [{ role: "user", parts: results.map((result) => resultPart(result, isNew)) }];
  const images = isNew ? [] : results.flatMap((result) => imagesOf(result).map(imagePart));
  if (images.length > 0) contents.push({ role: "user", parts: images });
  return contents;
}

function resultPart(result: ToolResultMessage, isNew: boolean): Part {
  const { toolCallId, toolName, content, isError } = result;
  const texts = content.flatMap((part) => (part.type === "text" ? [part.text] : []));
  const text = texts.length > 0 ? texts.join("\n") : EMPTY_RESULT;
  const images = isNew ? imagesOf(result).map(imagePart) : [];
  return {
    functionResponse: {
      id: toolId(toolCallId),
      name: toolName,
      response: isError ? { error: text } : { output: text },
      ...(images.length > 0 ? { parts: images } : {}),
    },
  };
}

function imagesOf({ content }: ToolResultMessage): ImageContent[] {
  return content.filter((part) => part.type === "image");
}

function inputPart(part: InputContent): Part {
  return part.type === "text" ? { text: part.text } : imagePart(part);
}

function imagePart({ mimeType, data }: ImageContent): { inlineData: { mimeType: string; data: string } } {
  return { inlineData: { mimeType, data } };
}
