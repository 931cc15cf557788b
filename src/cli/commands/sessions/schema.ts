// `hearth sessions schema`.
import { sessionSchema } from "../../../app/session-schema.ts";
import { EXIT } from "../../exit.ts";
import { printJson } from "../../print-lines.ts";

export function sessionSchemaCommand(): Promise<number> {
  printJson(sessionSchema());
  return Promise.resolve(EXIT.completed);
}
