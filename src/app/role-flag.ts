// `--role`: what a role brings to the start. Flags are stronger than it, everything else is weaker.
import type { Preferences } from "../config/preferences.ts";
import type { Settings } from "../config/settings.ts";
import type { Role } from "../context/roles.ts";
import type { PermissionMode } from "../protocol/approval.ts";
import type { AppParts } from "./app-parts.ts";
import { contextFolders } from "./context-folders.ts";

/** Throws `role.unknown` with the names there are. */
export async function roleOfFlag(
  name: string | undefined,
  place: Pick<AppParts, "paths" | "cwd" | "trusted">,
): Promise<Role | null> {
  if (name === undefined) return null;
  const { findRole, readRoles } = await import("../context/roles.ts");
  return findRole(await readRoles(contextFolders(place, "roles")), name);
}

/** The settings with what the role says and no flag does. */
export function withRole(settings: Settings, role: Role | null, flags: Settings): Settings {
  if (role === null) return settings;
  const mode = stricterMode(settings.permissionMode ?? "ask", role.mode);
  return {
    ...settings,
    ...(role.model === undefined || flags.model !== undefined ? {} : { model: role.model }),
    ...(flags.permissionMode === undefined ? { permissionMode: mode } : {}),
  };
}

/** What was chosen by command holds where the role says nothing. */
export function belowRole({ model, ...others }: Preferences, role: Role | null): Preferences {
  return model === undefined || role?.model !== undefined ? others : { ...others, model };
}

/** From what runs nearly nothing to what runs everything. */
const STRICTNESS: readonly PermissionMode[] = ["plan", "ask", "accept-edits", "auto", "full"];

export function stricterMode(one: PermissionMode, other: PermissionMode = one): PermissionMode {
  return STRICTNESS.indexOf(one) < STRICTNESS.indexOf(other) ? one : other;
}
