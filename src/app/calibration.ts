// The calibration of this program: kept in the data folder, for the demo in memory; where nothing is stored it is read.
import { calibrationFile } from "../config/calibration.ts";
import { memoryStateFile } from "../config/state-file.ts";
import { type Calibration, createCalibration } from "../runtimes/native/calibration.ts";
import type { AppParts } from "./app-parts.ts";

export function openCalibration({ paths, session, local }: AppParts): Calibration {
  if (local !== undefined) return createCalibration(memoryStateFile({}));
  const file = calibrationFile(paths.calibrationFile);
  if (session.kind !== "none") return createCalibration(file);
  return createCalibration({ read: file.read, update: (change) => Promise.resolve(change({})) });
}
