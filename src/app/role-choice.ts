// Roles during a session: taking one on, and leaving it. What a role changed goes back when it is left, unless the
// person chose something else meanwhile.
import type { Role } from "../context/roles.ts";
import { AppError } from "../lib/app-error.ts";
import { NATIVE } from "../runtimes/runtime.ts";
import type { RoleChoice } from "./app.ts";
import type { AppParts } from "./app-parts.ts";
import { contextFolders } from "./context-folders.ts";
import type { LiveConversation } from "./conversation.ts";
import { type ModelFinder, modelName } from "./model-finder.ts";
import { stricterMode } from "./role-flag.ts";
import type { SessionState } from "./state.ts";

type Choice = Pick<SessionState, "model" | "thinking" | "mode">;
/** `before` was in force when the role was taken on, `by` is what it made of that. */
type Taken = { before: Choice; by: Choice };

export function createRoleChoice(options: {
  parts: AppParts;
  finder: Pick<ModelFinder, "find">;
  conversation: () => LiveConversation;
}): RoleChoice {
  const { parts, finder, conversation } = options;
  const taken = new WeakMap<LiveConversation, Taken>();
  const read = async (name: string): Promise<Role> => {
    const { findRole, readRoles } = await import("../context/roles.ts");
    return findRole(await readRoles(contextFolders(parts, "roles")), name);
  };
  return {
    list: async () => {
      const { readRoles } = await import("../context/roles.ts");
      return readRoles(contextFolders(parts, "roles"));
    },
    set: async (name) => {
      const session = conversation();
      checkRuntime(session);
      const role = name === "" ? null : await read(name);
      const state = session.state();
      const start = goneBack(state, taken.get(session));
      const wanted = role === null ? start : await choiceOf(role, start, finder);
      await session.emit({ type: "role_changed", role: role?.name ?? "" });
      await apply(session, wanted);
      if (role === null) taken.delete(session);
      else taken.set(session, { before: start, by: wanted });
      return { role, ...wanted };
    },
  };
}

function checkRuntime(session: LiveConversation): void {
  const { runtime } = session.state();
  if (runtime === NATIVE) return;
  throw new AppError(
    "role.runtime",
    `${runtime} has instructions of its own: roles are for Hearth's own agent.`,
    {
      hint: "`/runtime activate native` goes back to it.",
    },
  );
}

/** What was in force before the role, save what the person has changed since. */
function goneBack({ model, thinking, mode }: SessionState, taken: Taken | undefined): Choice {
  if (!taken) return { model, thinking, mode };
  const { before, by } = taken;
  return {
    model: model === by.model ? before.model : model,
    thinking: thinking === by.thinking ? before.thinking : thinking,
    mode: mode === by.mode ? before.mode : mode,
  };
}

/** Throws `model.unknown` before anything has changed. */
async function choiceOf(role: Role, start: Choice, finder: Pick<ModelFinder, "find">): Promise<Choice> {
  const found = role.model === undefined ? null : await finder.find(role.model);
  return {
    model: found ? modelName(found.model) : start.model,
    thinking: role.thinking ?? found?.thinking ?? start.thinking,
    mode: stricterMode(start.mode, role.mode),
  };
}

async function apply(session: LiveConversation, { model, thinking, mode }: Choice): Promise<void> {
  const state = session.state();
  if (model !== "" && model !== state.model) await session.send({ type: "set_model", model });
  if (thinking !== session.state().thinking) await session.send({ type: "set_thinking", thinking });
  if (mode !== state.mode) await session.send({ type: "set_mode", mode });
}
