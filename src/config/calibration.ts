// What models' services count for a prompt against what we estimate: kept in the data folder, one number a model.
import { type StateFile, stateFile } from "./state-file.ts";
import { readRecord } from "./state-shapes.ts";

/** `factor` is counted tokens for each that we estimate, `answers` how many it was learnt from. */
export type CalibrationEntry = { factor: number; answers: number };
/** By VENDOR/ID. */
export type CalibrationTable = Readonly<Record<string, CalibrationEntry>>;

/** Damaged, it begins anew: nothing but a better estimate is lost. */
export function calibrationFile(file: string): StateFile<CalibrationTable> {
  return stateFile(file, parseCalibration, {});
}

function parseCalibration(value: unknown): CalibrationTable | null {
  const record = readRecord(value);
  if (!record) return null;
  const entries = Object.entries(record).flatMap(([model, entry]) => {
    const { factor, answers } = readRecord(entry) ?? {};
    if (typeof factor !== "number" || typeof answers !== "number") return [];
    return factor > 0 && Number.isFinite(factor) && answers > 0
      ? [[model, { factor, answers }] as const]
      : [];
  });
  return Object.fromEntries(entries);
}
