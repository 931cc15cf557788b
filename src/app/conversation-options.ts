// What a conversation is made of. Types only.
import type { Gate } from "../protocol/approval.ts";
import type { RouteReason, RouteRecord } from "../protocol/audit.ts";
import type { Runtime } from "../runtimes/runtime.ts";
import type { Workbench } from "../runtimes/workbench.ts";
import type { SessionBranch } from "../session/read.ts";
import type { SessionStore } from "../session/store.ts";
import type { ModelFinder } from "./model-finder.ts";
import type { SessionSettings } from "./session-settings.ts";

export type ConversationOptions = {
  store: SessionStore;
  /** The saved branch this goes on with; null for a new session. */
  branch: SessionBranch | null;
  cwd: string;
  settings: SessionSettings;
  /** False where nobody is there to resume a paused session. */
  keepsPause: boolean;
  /** True where a runtime that fails is an error, whatever it did. */
  strict: (runtime: string) => boolean;
  /** Why the runtime of the settings is the one; null: nobody chose. */
  routeReason: RouteReason | null;
  /** How one logs in to an agent; "" where that is not known. */
  login: (runtime: string) => string;
  /** Writes a line of the audit log. */
  audit: (record: RouteRecord) => Promise<void>;
  /** The runtime of that name, ready to start. Throws `runtime.unknown`. */
  runtime: (name: string) => Runtime;
  findModel: ModelFinder["find"];
  gate: Gate;
  /** Runs a shell line of the person's own. */
  runShell: Workbench["runShell"];
  checkpoints: Workbench["checkpoints"];
  now: () => number;
  newId: () => string;
};
