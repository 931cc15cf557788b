// Embeddings without a model: texts that share words lie near each other, and the same text always lies still.
import { createHash } from "node:crypto";
import { field, listOf, numberOf, textOf } from "./json-fields.ts";
import { tokensIn } from "./model-answer.ts";
import type { StubRequest } from "./stub-request.ts";

const DIMENSIONS = 64;

type EmbeddingEndpoint = "openai-embeddings" | "google-embed" | "google-batch-embed" | "cohere-embed";

/** The vendor's answer to an embedding request. */
export function embeddingBody(endpoint: EmbeddingEndpoint, { body, model }: StubRequest): object {
  switch (endpoint) {
    case "openai-embeddings":
      return openaiBody(body, model);
    case "google-embed":
      return { embedding: googleEmbedding(body) };
    case "google-batch-embed":
      return { embeddings: listOf(field(body, "requests")).map(googleEmbedding) };
    case "cohere-embed": {
      const texts = listOf(field(body, "texts")).map(textOf);
      const size = numberOf(field(body, "output_dimension"));
      return {
        id: "stub",
        embeddings: { float: texts.map((text) => embed(text, size)) },
        texts,
        meta: { api_version: { version: "2" }, billed_units: { input_tokens: sumTokens(texts) } },
        response_type: "embeddings_by_type",
      };
    }
  }
}

/** OpenAI's SDK asks for base64 (little-endian 32-bit floats) unless told otherwise. */
function openaiBody(body: unknown, model: string): object {
  const input = field(body, "input");
  const texts = typeof input === "string" ? [input] : listOf(input).map((item) => textOf(item));
  const asBase64 = field(body, "encoding_format") === "base64";
  const data = texts.map((text, index) => {
    const vector = embed(text, numberOf(field(body, "dimensions")));
    const embedding = asBase64 ? Buffer.from(new Float32Array(vector).buffer).toString("base64") : vector;
    return { object: "embedding", index, embedding };
  });
  const tokens = sumTokens(texts);
  return { object: "list", data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

function googleEmbedding(request: unknown): object {
  const parts = listOf(field(field(request, "content"), "parts"));
  const text = parts.map((part) => textOf(field(part, "text"))).join("\n");
  return { values: embed(text, numberOf(field(request, "outputDimensionality"))) };
}

/** A bag of words: each word adds to one dimension, chosen by its hash; the sum has length 1. */
function embed(text: string, dimensions = DIMENSIONS): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of ["", ...(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])]) {
    const index = createHash("sha256").update(word).digest().readUInt32LE() % dimensions;
    vector[index] = (vector[index] ?? 0) + (word === "" ? 0.01 : 1);
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

function sumTokens(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + tokensIn(text), 0);
}
