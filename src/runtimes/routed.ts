// A turn of a session as whoever routes turns wants it.
import type { RuntimeStart, TakeTurn } from "./runtime.ts";

export function routed({ route }: Pick<RuntimeStart, "route">, own: TakeTurn): TakeTurn {
  return route === undefined ? own : (input) => route(input, own);
}
