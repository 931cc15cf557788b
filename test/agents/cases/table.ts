// The cases in the order in which they are played and shown.
import { allowedCase, deniedCase, twoCallsCase } from "./approval.ts";
import type { Case } from "./case.ts";
import { interruptCase, interruptedQuestionCase, steerCase, steerNowCase } from "./control.ts";
import { editCase } from "./edit.ts";
import { crashCase, errorCases } from "./failure.ts";
import { handOverCase } from "./hand-over.ts";
import { killedCase, oneShotCase } from "./program.ts";
import { resumeCase } from "./resume.ts";
import { textCase } from "./text.ts";

export const CASES: readonly Case[] = [
  textCase,
  allowedCase,
  twoCallsCase,
  deniedCase,
  editCase,
  interruptCase,
  interruptedQuestionCase,
  steerCase,
  steerNowCase,
  resumeCase,
  handOverCase,
  ...errorCases,
  crashCase,
  oneShotCase,
  killedCase,
];
