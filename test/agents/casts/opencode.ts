import type { Cast } from "../cast.ts";

export const opencodeCast: Cast = {
  offers: "bash",
  run: (command) => ({ name: "bash", arguments: { command, description: "as the scene says" } }),
  write: (path, content) => ({ name: "write", arguments: { filePath: path, content } }),
};
