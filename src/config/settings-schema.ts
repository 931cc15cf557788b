// The JSON Schema of the settings files, for editors, for `hearth config schema` and for the settings screen.
import * as z from "zod/mini";
import { settingText } from "./setting-texts.ts";
import { Settings } from "./settings.ts";

/** The schema with a sentence for each setting. */
export function settingsJsonSchema(): object {
  return z.toJSONSchema(Settings, {
    override: ({ jsonSchema, path }) => {
      const setting = settingPath(path);
      const text = setting === null ? undefined : settingText(setting);
      if (text !== undefined) jsonSchema.description = text;
    },
  });
}

/** From the place in the schema to the setting's name: properties by name, `*` for names a person chooses. */
function settingPath(path: readonly (string | number)[]): string | null {
  const parts: string[] = [];
  for (let index = 0; index < path.length; index++) {
    if (path[index] === "properties") parts.push(String(path[++index]));
    else if (path[index] === "additionalProperties") parts.push("*");
    else return null;
  }
  return parts.length === 0 ? null : parts.join(".");
}
