// ${VAR} and ${VAR:-default} in settings. An unset variable without a default is an error, never literal text.
import { AppError } from "../lib/app-error.ts";
import { type Environment, readVariable } from "./env.ts";

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Expands every string inside `value`. Throws `settings.variable` naming the file, the path and the variable. */
export function expandVariables(
  value: unknown,
  env: Environment,
  where: { file: string; path?: string },
): unknown {
  const path = where.path ?? "";
  if (typeof value === "string") {
    return value.replace(REFERENCE, (_whole, name: string, fallback: string | undefined) => {
      const found = readVariable(env, name) ?? fallback;
      if (found !== undefined) return found;
      throw new AppError("settings.variable", `${where.file}: ${path}: the variable ${name} is not set.`, {
        hint: `Set ${name}, or write \${${name}:-default} in the file.`,
      });
    });
  }
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      expandVariables(item, env, { file: where.file, path: `${path}[${index}]` }),
    );
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => {
      const inner = path === "" ? key : `${path}.${key}`;
      return [key, expandVariables(item, env, { file: where.file, path: inner })] as const;
    });
    return Object.fromEntries(entries);
  }
  return value;
}
