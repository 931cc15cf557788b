// The cases in the order in which they are played and shown.
import { allowedCase, deniedCase } from "./approval.ts";
import type { Case } from "./case.ts";
import { interruptCase, steerCase } from "./control.ts";
import { editCase } from "./edit.ts";
import { crashCase, errorCases } from "./failure.ts";
import { killedCase, oneShotCase } from "./program.ts";
import { resumeCase } from "./resume.ts";
import { textCase } from "./text.ts";

export const CASES: readonly Case[] = [
  textCase,
  allowedCase,
  deniedCase,
  editCase,
  interruptCase,
  steerCase,
  resumeCase,
  ...errorCases,
  crashCase,
  oneShotCase,
  killedCase,
];
