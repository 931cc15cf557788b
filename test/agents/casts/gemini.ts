// Gemini CLI 0.61, google-generative. Its shell tool refuses `$(...)`, `$((...))` and backquotes before it asks anybody.
// A prompt whose model request failed is not in its later requests: it forgets it.
import type { Cast } from "../cast.ts";

export const geminiCast: Cast = {
  offers: "run_shell_command",
  run: (command) => ({
    name: "run_shell_command",
    arguments: { command, description: "as the scene says" },
  }),
  write: (path, content) => ({ name: "write_file", arguments: { file_path: path, content } }),
};
