// One request to a model, from the settings of the moment and a talk.
import type { Message } from "../protocol/message.ts";
import type { ModelRequest } from "../protocol/stream.ts";
import type { RequestSettings } from "./agent-settings.ts";

/** The same settings and a longer talk give a request that extends the one before it, so that caches hit. */
export function modelRequest(
  { tools, withheld: _withheld, scale: _scale, ...settings }: RequestSettings,
  messages: readonly Message[],
): ModelRequest {
  const schemas = tools.map(({ name, description, parameters }) => ({ name, description, parameters }));
  return { ...settings, tools: schemas, messages };
}
