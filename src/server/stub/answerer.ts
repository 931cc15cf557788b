// Answerer: which answer a request gets, from a recording or from the script. Remembers how far both have come.
import { answerEndpoint, answerModel, errorAnswer, isModelRequest } from "./answer-request.ts";
import type { NewId } from "./model-answer.ts";
import { createReplay, type Interaction } from "./recordings.ts";
import type { Script } from "./script.ts";
import { createScriptPlayer } from "./script-player.ts";
import type { HttpAnswer } from "./send-answer.ts";
import type { StubRequest } from "./stub-request.ts";
import { vendorError } from "./vendor-error.ts";

export interface Answerer {
  answer(request: StubRequest): HttpAnswer;
  setScript(script: Script): void;
}

export type AnswererOptions = {
  script: Script;
  /** Where given, they answer in place of the script. */
  recordings: readonly Interaction[] | undefined;
  /** Cuts recorded bodies into pieces of so many bytes. */
  recordingChunkBytes: number | undefined;
  newId: NewId;
};

export function createAnswerer({
  script,
  recordings,
  recordingChunkBytes,
  newId,
}: AnswererOptions): Answerer {
  let player = createScriptPlayer(script);
  const replay = recordings && createReplay(recordings);

  function replayed(request: StubRequest, interaction: Interaction | null): HttpAnswer {
    if (interaction) return recordedAnswer(interaction, recordingChunkBytes);
    const message = `No recording is left for ${request.endpoint}${request.stream ? ", streamed" : ""}.`;
    return errorAnswer(vendorError(request.endpoint, { status: 400, message, newId }));
  }

  return {
    answer: (request) => {
      const given = { newId, nowMs: Date.now() };
      if (replay && request.endpoint !== "models" && request.endpoint !== "unknown") {
        return replayed(request, replay(request));
      }
      if (isModelRequest(request)) return answerModel(request, player.next(request), given);
      return answerEndpoint(request, player.forEndpoint(request) ?? {}, { ...given, models: player.models });
    },
    setScript: (next) => {
      player = createScriptPlayer(next);
    },
  };
}

function recordedAnswer({ response }: Interaction, chunkBytes: number | undefined): HttpAnswer {
  const { status, headers } = response;
  const body = response.body ?? JSON.stringify(response.json);
  return { status, headers, body: chunkBytes === undefined ? body : slices(Buffer.from(body), chunkBytes) };
}

function* slices(body: Buffer, size: number) {
  for (let start = 0; start < body.length; start += size) {
    yield { do: "write", data: body.subarray(start, start + size), delta: false } as const;
  }
}
