// Which of Codex's own modes its thread is in, and what the next turn must be told so that it follows ours.
import { fieldOf } from "../../lib/field-of.ts";
import type { PermissionMode } from "../../protocol/approval.ts";
import { type ModeChange, type SandboxKind, sandboxOf } from "./thread-params.ts";
import type { ThreadOpened } from "./wire.ts";

export class ThreadMode {
  #mode: PermissionMode;
  #sandbox: SandboxKind;
  #plans = false;
  #workspace: unknown = null;

  constructor(mode: PermissionMode) {
    this.#mode = mode;
    this.#sandbox = sandboxOf(mode);
  }

  get mode(): PermissionMode {
    return this.#mode;
  }

  wants(mode: PermissionMode): void {
    this.#mode = mode;
  }

  /** A thread that is gone on with may still be in plan mode. */
  opened({ sandbox, collaborationMode }: ThreadOpened): void {
    this.#sandbox = sandboxOf(this.#mode);
    this.#workspace = fieldOf(sandbox, "type") === "workspaceWrite" ? sandbox : null;
    this.#plans = collaborationMode?.mode === "plan";
  }

  /** For the turn that begins; null where nothing changed. `model`: null while unknown. */
  takeChange({ model, effort }: { model: string | null; effort: string | null }): ModeChange | null {
    const sandbox = sandboxOf(this.#mode);
    const plans = this.#mode === "plan";
    const mode = plans ? "plan" : "default";
    const collaboration = plans === this.#plans || model === null ? null : ({ mode, model, effort } as const);
    if (sandbox === this.#sandbox && collaboration === null) return null;
    this.#sandbox = sandbox;
    if (collaboration) this.#plans = plans;
    return { sandbox, workspace: this.#workspace, collaboration };
  }
}
