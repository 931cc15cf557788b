// The JSON Schema of the settings files, for editors and for `hearth config schema`.
import * as z from "zod/mini";
import { Settings } from "./settings.ts";

export function settingsJsonSchema(): object {
  return z.toJSONSchema(Settings);
}
