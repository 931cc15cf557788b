// Our permission mode in the words of an ACP agent: it plans while we plan, and asks as much as it can otherwise, since
// our gate decides. Pure.
import type { PermissionMode } from "../../protocol/approval.ts";
import type { AcpProfile } from "./profiles.ts";
import { readChoice, readModes, type SessionOpened } from "./wire.ts";

/** One request; `configId` null means `session/set_mode`. */
export type ModeRequest = { configId: string | null; value: string };

const PLAN = "plan";

/** Whether it has a way of its own to plan. */
export function canPlan(opened: SessionOpened, profile: AcpProfile): boolean {
  return modesOf(opened).values.includes(PLAN) || profile.planOption !== undefined;
}

/** What has to be asked of it. `first`: the mode it started in, for agents of which none is known to ask the most. */
export function modeRequests(
  opened: SessionOpened,
  profile: AcpProfile,
  { mode, first }: { mode: PermissionMode; first: string | null },
): ModeRequest[] {
  const { id, current, values } = modesOf(opened);
  const plans = mode === "plan";
  // A session that is gone on with may have been left while it planned.
  const usual = first === PLAN ? (values.find((value) => value !== PLAN) ?? null) : first;
  const wanted = plans && values.includes(PLAN) ? PLAN : (profile.asks ?? usual);
  const requests: ModeRequest[] = [];
  if (wanted !== null && wanted !== current && values.includes(wanted)) {
    requests.push({ configId: id, value: wanted });
  }
  const { planOption } = profile;
  const option = planOption && readChoice(opened, planOption.id);
  const value = planOption?.[plans ? "plan" : "asks"];
  if (option && value !== undefined && option.current !== value && option.values.includes(value)) {
    requests.push({ configId: option.id, value });
  }
  return requests;
}

/** The mode it is in; null where it has none. */
export function currentMode(opened: SessionOpened): string | null {
  return modesOf(opened).current;
}

/** As an option where it offers one, else by the older list. */
function modesOf(opened: SessionOpened): { id: string | null; current: string | null; values: string[] } {
  return readChoice(opened, "mode") ?? readModes(opened) ?? { id: null, current: null, values: [] };
}
