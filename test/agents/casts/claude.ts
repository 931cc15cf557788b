import type { Cast } from "../cast.ts";

export const claudeCast: Cast = {
  offers: "Bash",
  run: (command) => ({ name: "Bash", arguments: { command, description: "as the scene says" } }),
  write: (path, content) => ({ name: "Write", arguments: { file_path: path, content } }),
};
