import type { Cast } from "../cast.ts";

export const piCast: Cast = {
  offers: "bash",
  run: (command) => ({ name: "bash", arguments: { command } }),
  write: (path, content) => ({ name: "write", arguments: { path, content } }),
};
