// Recordings: real services' answers, replayed byte for byte. Format: the README of the provider-streams corpus.
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { AppError } from "../../lib/app-error.ts";
import type { Endpoint } from "./route.ts";
import type { StubRequest } from "./stub-request.ts";

const Interaction = z.object({
  api: z.string(),
  kind: z.enum(["stream", "json", "error"]),
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    body: z.optional(z.string()),
    json: z.optional(z.unknown()),
  }),
});
export type Interaction = z.infer<typeof Interaction>;

const Recording = z.object({ interactions: z.array(Interaction) });

const APIS: Readonly<Partial<Record<Endpoint, string>>> = {
  "anthropic-messages": "anthropic-messages",
  "anthropic-count-tokens": "anthropic-count-tokens",
  "openai-responses": "openai-responses",
  "openai-chat": "openai-chat",
  "openai-embeddings": "openai-embeddings",
  "google-generative": "google-generate",
  "google-count-tokens": "google-count-tokens",
  "google-embed": "google-embed",
  "google-batch-embed": "google-embed",
  "cohere-embed": "cohere-embed",
};

/** Files, or folders whose *.json are read in order of name. Throws AppError `stub.recording`. */
export async function loadRecordings(paths: readonly string[]): Promise<Interaction[]> {
  const files = (await Promise.all(paths.map(filesOf))).flat();
  const recordings = await Promise.all(files.map(readRecording));
  return recordings.flatMap((recording) => recording.interactions);
}

/** Hands each out once: the first one left that fits the request's API and its wish to stream. */
export function createReplay(
  interactions: readonly Interaction[],
): (request: StubRequest) => Interaction | null {
  const left = [...interactions];
  return (request) => {
    const unfit = request.stream ? "json" : "stream";
    const index = left.findIndex(({ api, kind }) => api === APIS[request.endpoint] && kind !== unfit);
    return index === -1 ? null : (left.splice(index, 1)[0] ?? null);
  };
}

async function filesOf(path: string): Promise<string[]> {
  try {
    if ((await stat(path)).isFile()) return [path];
    const names = await readdir(path);
    const files = names.filter((name) => name.endsWith(".json")).sort();
    return files.map((name) => join(path, name));
  } catch (error) {
    throw new AppError("stub.recording", `The recording ${path} cannot be read.`, { cause: error });
  }
}

async function readRecording(file: string): Promise<z.infer<typeof Recording>> {
  const text = await readFile(file, "utf8");
  try {
    return Recording.parse(JSON.parse(text));
  } catch (error) {
    throw new AppError("stub.recording", `${file}: not a recording of a model service.`, { cause: error });
  }
}
