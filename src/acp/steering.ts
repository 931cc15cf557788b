// `_session/steering`, an extension that Claude's and Codex's adapters have too: a prompt into the turn under way.
import * as z from "zod/mini";
import { AppError } from "../lib/app-error.ts";
import { requestError } from "./failure.ts";

const resource = z.object({ uri: z.string(), mimeType: z.catch(z.nullable(z.string()), null) });

const Block = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("image"), mimeType: z.string(), data: z.string() }),
  z.object({ type: z.literal("resource_link"), uri: z.string(), name: z.catch(z.string(), "") }),
  z.object({
    type: z.literal("resource"),
    resource: z.union([z.extend(resource, { text: z.string() }), z.extend(resource, { blob: z.string() })]),
  }),
]);

const Steering = z.object({ sessionId: z.string(), prompt: z.array(Block) });

/** Throws `acp.params`. */
export function readSteering(params: unknown): z.infer<typeof Steering> {
  const read = Steering.safeParse(params);
  if (read.success) return read.data;
  throw requestError(new AppError("acp.params", "Steering takes a sessionId and a prompt."));
}
