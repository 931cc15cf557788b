// The sources of all pickers by name. Loaded with the first list that opens.
import { changeSource } from "./changes.ts";
import { commandSource } from "./commands.ts";
import { fileSource } from "./files.ts";
import { modelSource } from "./models.ts";
import { permissionSource } from "./permissions.ts";
import { promptSource } from "./prompts.ts";
import { roleSource } from "./roles.ts";
import { runtimeSource } from "./runtimes.ts";
import { searchSource } from "./search.ts";
import { sessionSource } from "./sessions.ts";
import { snapshotSource } from "./snapshots.ts";
import type { Sources } from "./source.ts";
import { systemSource } from "./system.ts";
import { themeSource } from "./themes.ts";
import { runSource, treeSource } from "./tree.ts";

export const SOURCES: Sources = {
  model: modelSource,
  session: sessionSource,
  search: searchSource,
  run: runSource,
  snapshot: snapshotSource,
  runtime: runtimeSource,
  role: roleSource,
  system: systemSource,
  theme: themeSource,
  "permission-mode": permissionSource,
  tree: treeSource,
  command: commandSource,
  file: fileSource,
  prompt: promptSource,
  changes: changeSource,
};
