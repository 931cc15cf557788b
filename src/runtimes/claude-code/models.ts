// What Claude Code offers to choose from: models, and how much one thinks. Pure.
import { type Fields, listIn, objectsIn, textIn } from "../../session/import/fields.ts";

/** `value` is what it takes, `resolved` the model behind it, `efforts` what that model knows. */
export type OfferedModel = { value: string; resolved: string; efforts: readonly string[] };

/** Levels that it and we have words for. */
const EFFORTS: readonly unknown[] = ["low", "medium", "high", "max"];

/** Of its answer to `initialize`. */
export function offeredModels(ready: Fields): OfferedModel[] {
  return objectsIn(ready, "models").map((model) => ({
    value: textIn(model, "value"),
    resolved: textIn(model, "resolvedModel"),
    efforts: listIn(model, "supportedEffortLevels").filter((level) => typeof level === "string"),
  }));
}

/** Its own names first, then the models behind them. */
export function modelValues(models: readonly OfferedModel[]): string[] {
  const values = [...models.map(({ value }) => value), ...models.map(({ resolved }) => resolved)];
  return [...new Set(values.filter((value) => value !== ""))];
}

/** `current`: a value or a model; null is its default. */
export function effortValues(models: readonly OfferedModel[], current: string | null): string[] {
  const named = models.find(({ value, resolved }) => current === value || current === resolved);
  return (named ?? models[0])?.efforts.filter((level) => EFFORTS.includes(level)) ?? [];
}
