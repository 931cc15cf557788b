// Failure: an AppError as data, for events, session files and JSON output.
import * as z from "zod/mini";

/** `code` is stable and dotted (provider.auth), `message` one sentence for the user, `hint` what to do. */
export const Failure = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.optional(z.string()),
  /** HTTP status where one was answered. */
  status: z.optional(z.number()),
  /** Milliseconds that the service asked to wait before a retry. */
  retryAfterMs: z.optional(z.number()),
});
export type Failure = z.infer<typeof Failure>;
