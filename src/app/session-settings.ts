// SessionSettings: with which model, thinking, permission mode and runtime a session begins or goes on.
import { ThinkingLevel } from "../protocol/model.ts";
import type { FoundModel } from "../providers/catalog.ts";
import type { StoredState } from "../session/state-entry.ts";
import type { AppParts } from "./app-parts.ts";
import { modelName } from "./model-finder.ts";
import { stricterMode } from "./role-flag.ts";
import type { SessionState } from "./state.ts";

/** `model` is VENDOR/ID, "" when there is none; no `role` is none. */
export type SessionSettings = Pick<SessionState, "model" | "thinking" | "mode" | "runtime"> &
  Partial<Pick<SessionState, "role">>;

type WithRole = Partial<Pick<AppParts, "role">>;

/** What a new session starts with. */
export function firstSettings(
  { flags, settings, preferred, role }: Pick<AppParts, "flags" | "settings" | "preferred"> & WithRole,
  { found, runtime }: { found: FoundModel | null; runtime: string },
): SessionSettings {
  const kept = ThinkingLevel.safeParse(preferred.thinking);
  return {
    model: found ? modelName(found.model) : "",
    thinking:
      flaggedThinking(flags, found) ??
      role?.thinking ??
      (kept.success ? kept.data : undefined) ??
      found?.thinking ??
      settings.thinking ??
      "off",
    mode: settings.permissionMode ?? "ask",
    runtime,
    ...(role ? { role: role.name } : {}),
  };
}

/** What flags fix, whatever a saved session says; `first` are the settings that hold them. */
export function pinnedSettings(
  { flags, runtimeFlag, role }: Pick<AppParts, "flags" | "runtimeFlag"> & WithRole,
  { first, found }: { first: SessionSettings; found: FoundModel | null },
): Partial<SessionSettings> {
  const thinking = flaggedThinking(flags, found) ?? role?.thinking;
  const roleMode = role?.mode === undefined ? undefined : first.mode;
  const mode = flags.permissionMode ?? roleMode;
  return {
    ...(flags.model === undefined && role?.model === undefined ? {} : { model: first.model }),
    ...(thinking === undefined ? {} : { thinking }),
    ...(mode === undefined ? {} : { mode }),
    ...(runtimeFlag === undefined ? {} : { runtime: runtimeFlag }),
    ...(role ? { role: role.name } : {}),
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
    ...(pinned.role === undefined || pinned.role !== current.role ? {} : { role: pinned.role }),
  };
}

/**
 * The settings of a session that is opened: pinned, else its own as far as it says them, else those of now. A saved
 * permission mode may make things stricter than they are now, never looser.
 */
export function settingsInForce(
  stored: Pick<StoredState, "model" | "thinking" | "mode" | "runtime" | "role"> | null,
  { pinned, current }: { pinned: Partial<SessionSettings>; current: SessionSettings },
): SessionSettings {
  const role = pinned.role ?? (stored ? stored.role : current.role);
  return {
    model: pinned.model ?? (stored?.model || current.model),
    thinking: pinned.thinking ?? stored?.thinking ?? current.thinking,
    mode: pinned.mode ?? stricterMode(stored?.mode ?? current.mode, current.mode),
    runtime: pinned.runtime ?? stored?.runtime ?? current.runtime,
    ...(role === undefined ? {} : { role }),
  };
}

/** `--thinking`, or the level behind `--model`. */
function flaggedThinking(flags: AppParts["flags"], found: FoundModel | null): ThinkingLevel | undefined {
  return flags.thinking ?? (flags.model === undefined ? undefined : found?.thinking);
}
