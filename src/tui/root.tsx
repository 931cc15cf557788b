// The keyboard of the main screen. Draws nothing: the live region is written by region-writer.ts.
import { useInput, usePaste } from "ink";
import type { ReactNode } from "react";
import type { Presser } from "./press.ts";

export function Root({ presser }: { presser: Presser }): ReactNode {
  useInput(presser.press);
  usePaste(presser.paste);
  return null;
}
