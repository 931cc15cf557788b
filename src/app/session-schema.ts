// The published form of a session file, for the command line.
import { sessionJsonSchema } from "../session/session-schema.ts";

/** JSON Schema of one line. */
export function sessionSchema(): object {
  return sessionJsonSchema();
}
