// What runtimes can do at most and at least; each says in what it differs. Data alone.
import type { RuntimeCapabilities } from "./runtime.ts";

/** As our own runtime. */
export const EVERYTHING: RuntimeCapabilities = {
  streaming: true,
  thinking: true,
  tools: true,
  approvals: true,
  steer: "native",
  pause: true,
  interrupt: true,
  resume: true,
  images: true,
  modelChoice: true,
  cost: true,
  modes: true,
};

/** Of a program of which only the text is seen that it answers with. */
export const TEXT_ALONE: RuntimeCapabilities = {
  streaming: true,
  thinking: false,
  tools: false,
  approvals: false,
  steer: "next_prompt",
  pause: true,
  interrupt: true,
  resume: false,
  images: false,
  modelChoice: false,
  cost: false,
  modes: false,
};
