// Calibration: what services counted for prompts, against what we estimated for them, so that the next estimate for the
// same model is nearer. An exponential mean, kept over restarts.
import { estimateTokens, overheadTokens, type TokenScale } from "../../agent/token-estimate.ts";
import type { CalibrationEntry, CalibrationTable } from "../../config/calibration.ts";
import type { StateFile } from "../../config/state-file.ts";
import type { AssistantMessage } from "../../protocol/message.ts";
import type { Model } from "../../protocol/model.ts";
import type { ModelRequest, StreamFn } from "../../protocol/stream.ts";
import { imageTokens } from "../../providers/image-tokens.ts";

export interface Calibration {
  /** Await it once before `scaleOf` is asked. Never rejects. */
  load(): Promise<void>;
  scaleOf(model: Model): TokenScale;
  /** From how many answers the model's factor was learnt; 0 for an estimate alone. */
  answers(model: Model): number;
  /** The same stream; each answer that says what its prompt took is learnt from. */
  watch(stream: StreamFn): StreamFn;
  /** Resolves when what was learnt is kept, as far as it can be. */
  close(): Promise<void>;
}

/** The newest answer's weight, once there are enough. */
const WEIGHT = 0.1;
/** No tokenizer is that far from ours: the service cut the prompt, or does not count. */
const PLAUSIBLE = { least: 0.4, most: 3.5 };
/** A change that is worth a write. */
const WORTH_KEEPING = 0.02;
const MOST_MODELS = 50;

export function createCalibration(file: StateFile<CalibrationTable>): Calibration {
  const table = new Map<string, CalibrationEntry>();
  let loaded: Promise<void> | null = null;
  let writing: Promise<unknown> = Promise.resolve();
  const load = async (): Promise<void> => {
    // A file that cannot be read or is damaged says nothing: it is learnt again.
    const stored = await file.read().catch(() => ({ value: {} }));
    for (const [model, entry] of Object.entries(stored.value)) if (!table.has(model)) table.set(model, entry);
  };
  const keep = (model: string, entry: CalibrationEntry): void => {
    const write = () => file.update((stored) => newest({ ...stored, [model]: entry }));
    // Without it the next start estimates a little worse.
    writing = writing.then(write).catch(() => undefined);
  };
  const learn = (request: ModelRequest, answer: AssistantMessage): void => {
    const ratio = ratioOf(request, answer);
    if (ratio === null) return;
    const before = table.get(answer.model);
    const entry = learnt(before, ratio);
    table.set(answer.model, entry);
    const isNew = before === undefined || Math.abs(entry.factor / before.factor - 1) > WORTH_KEEPING;
    if (isNew) keep(answer.model, entry);
  };
  return {
    load: () => {
      loaded ??= load();
      return loaded;
    },
    scaleOf: (model) => ({
      factor: table.get(nameOf(model))?.factor ?? 1,
      imageTokens: (image) => imageTokens(image, model),
    }),
    answers: (model) => table.get(nameOf(model))?.answers ?? 0,
    watch: (stream) =>
      async function* (request, options) {
        for await (const event of stream(request, options)) {
          if (event.type === "end") learn(request, event.message);
          yield event;
        }
      },
    close: async () => {
      await writing;
    },
  };
}

function nameOf({ vendor, id }: Model): string {
  return `${vendor}/${id}`;
}

/** Counted by estimated tokens, images left out of both; null where that says nothing. */
function ratioOf({ model, system, tools, messages }: ModelRequest, answer: AssistantMessage): number | null {
  const { stopReason, usage } = answer;
  const counted = usage.input + usage.cacheRead + usage.cacheWrite;
  if (stopReason === "error" || stopReason === "aborted" || counted === 0) return null;
  const scale = { factor: 1, imageTokens: () => 0 };
  const texts = messages.map((message) => estimateTokens(message, scale));
  const estimated = texts.reduce((sum, tokens) => sum + tokens, overheadTokens(system, tools, scale));
  const pictures = messages
    .flatMap(({ content }) => content.flatMap((part) => (part.type === "image" ? [part] : [])))
    .reduce((sum, image) => sum + imageTokens(image, model), 0);
  const ratio = (counted - pictures) / Math.max(1, estimated);
  return ratio >= PLAUSIBLE.least && ratio <= PLAUSIBLE.most ? ratio : null;
}

/** The plain mean of the first few, then one in which older answers fade. */
function learnt(before: CalibrationEntry | undefined, ratio: number): CalibrationEntry {
  if (!before) return { factor: ratio, answers: 1 };
  const weight = Math.max(WEIGHT, 1 / (before.answers + 1));
  return { factor: before.factor + weight * (ratio - before.factor), answers: before.answers + 1 };
}

function newest(table: CalibrationTable): CalibrationTable {
  return Object.fromEntries(Object.entries(table).slice(-MOST_MODELS));
}
