// One page of the saved sessions, newest first. Pure.
import type { ListSessionsResponse } from "@agentclientprotocol/sdk/unstable";
import type { SessionSummary } from "../app/app.ts";
import { AppError } from "../lib/app-error.ts";
import { titleOf } from "./prompt-content.ts";

const PAGE = 50;

/**
 * The cursor names the last session of the page before, so that sessions which come and go meanwhile move no other.
 * Throws `acp.cursor` for one that is none of ours.
 */
export function listPage(sessions: readonly SessionSummary[], cursor: string | null): ListSessionsResponse {
  const sorted = sessions.toSorted((one, other) => order(other, one));
  const after = cursor === null ? null : readCursor(cursor);
  const rest = after === null ? sorted : sorted.filter((session) => order(session, after) < 0);
  const page = rest.slice(0, PAGE);
  const last = page.at(-1);
  return {
    sessions: page.map(({ id, cwd, name, firstPrompt, modifiedMs }) => ({
      sessionId: id,
      cwd,
      title: titleOf(name || firstPrompt) || null,
      updatedAt: new Date(modifiedMs).toISOString(),
    })),
    ...(last && rest.length > page.length ? { nextCursor: writeCursor(last) } : {}),
  };
}

type Place = Pick<SessionSummary, "id" | "modifiedMs">;

function order(one: Place, other: Place): number {
  return one.modifiedMs - other.modifiedMs || (one.id < other.id ? -1 : Number(one.id > other.id));
}

function writeCursor({ id, modifiedMs }: Place): string {
  return Buffer.from(`${modifiedMs} ${id}`).toString("base64url");
}

function readCursor(cursor: string): Place {
  const [, modifiedMs, id] = /^([\d.]+) (\S+)$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (id === undefined) throw new AppError("acp.cursor", "The cursor of the session list means nothing.");
  return { modifiedMs: Number(modifiedMs), id };
}
