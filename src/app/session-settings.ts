// SessionSettings: with which model, thinking, permission mode and runtime a session begins or goes on.
import type { PermissionMode } from "../protocol/approval.ts";
import { ThinkingLevel } from "../protocol/model.ts";
import type { FoundModel } from "../providers/catalog.ts";
import type { StoredState } from "../session/state-entry.ts";
import type { AppParts } from "./app-parts.ts";
import { modelName } from "./model-finder.ts";
import type { SessionState } from "./state.ts";

/** `model` is VENDOR/ID, "" when there is none. */
export type SessionSettings = Pick<SessionState, "model" | "thinking" | "mode" | "runtime">;

/** From what runs nearly nothing to what runs everything. */
const STRICTNESS: readonly PermissionMode[] = ["plan", "ask", "accept-edits", "auto", "full"];

/** What a new session starts with. */
export function firstSettings(
  { flags, settings, preferred }: Pick<AppParts, "flags" | "settings" | "preferred">,
  { found, runtime }: { found: FoundModel | null; runtime: string },
): SessionSettings {
  const kept = ThinkingLevel.safeParse(preferred.thinking);
  return {
    model: found ? modelName(found.model) : "",
    thinking:
      flaggedThinking(flags, found) ??
      (kept.success ? kept.data : undefined) ??
      found?.thinking ??
      settings.thinking ??
      "off",
    mode: settings.permissionMode ?? "ask",
    runtime,
  };
}

/** What flags fix, whatever a saved session says; `first` are the settings that hold them. */
export function pinnedSettings(
  { flags, runtimeFlag }: Pick<AppParts, "flags" | "runtimeFlag">,
  { first, found }: { first: SessionSettings; found: FoundModel | null },
): Partial<SessionSettings> {
  const thinking = flaggedThinking(flags, found);
  return {
    ...(flags.model === undefined ? {} : { model: first.model }),
    ...(thinking === undefined ? {} : { thinking }),
    ...(flags.permissionMode === undefined ? {} : { mode: flags.permissionMode }),
    ...(runtimeFlag === undefined ? {} : { runtime: runtimeFlag }),
  };
}

/** A flag holds until the person chooses otherwise. */
export function stillPinned(
  pinned: Partial<SessionSettings>,
  current: SessionSettings,
): Partial<SessionSettings> {
  return {
    ...(pinned.model === current.model ? { model: current.model } : {}),
    ...(pinned.thinking === current.thinking ? { thinking: current.thinking } : {}),
    ...(pinned.mode === current.mode ? { mode: current.mode } : {}),
    ...(pinned.runtime === current.runtime ? { runtime: current.runtime } : {}),
  };
}

/**
 * The settings of a session that is opened: pinned, else its own as far as it says them, else those of now. A saved
 * permission mode may make things stricter than they are now, never looser.
 */
export function settingsInForce(
  stored: Pick<StoredState, "model" | "thinking" | "mode" | "runtime"> | null,
  { pinned, current }: { pinned: Partial<SessionSettings>; current: SessionSettings },
): SessionSettings {
  return {
    model: pinned.model ?? (stored?.model || current.model),
    thinking: pinned.thinking ?? stored?.thinking ?? current.thinking,
    mode: pinned.mode ?? stricter(stored?.mode ?? current.mode, current.mode),
    runtime: pinned.runtime ?? stored?.runtime ?? current.runtime,
  };
}

/** `--thinking`, or the level behind `--model`. */
function flaggedThinking(flags: AppParts["flags"], found: FoundModel | null): ThinkingLevel | undefined {
  return flags.thinking ?? (flags.model === undefined ? undefined : found?.thinking);
}

function stricter(a: PermissionMode, b: PermissionMode): PermissionMode {
  return STRICTNESS.indexOf(a) < STRICTNESS.indexOf(b) ? a : b;
}
