// Requests to Codex that take more than one answer: its list of models, the end of commands that were left.
import * as z from "zod/mini";
import { fieldOf } from "../../lib/field-of.ts";
import type { Rpc } from "./rpc.ts";
import { type ModelInfo, readModels } from "./wire.ts";

/** Pages of a list that are read at most. */
const PAGES = 5;

/** Those that could be read: nothing can be chosen where Codex refuses. Never rejects. */
export async function listModels(rpc: Rpc, timeoutMs: number): Promise<ModelInfo[]> {
  const models: ModelInfo[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES; page++) {
    const params: Record<string, unknown> = cursor === null ? {} : { cursor };
    // What else is wrong is told by the next request.
    const answer = await rpc.request("model/list", params, timeoutMs).catch(() => null);
    const read = readModels(answer);
    models.push(...read.models);
    cursor = read.nextCursor;
    if (cursor === null) break;
  }
  return models;
}

const Terminal = z.object({ itemId: z.string(), processId: z.string() });

/**
 * An interrupt ends the turn alone: Codex 0.169 leaves its commands at work. `itemIds`: the calls that they belong to.
 * Never rejects: what Codex does not end by itself ends with it.
 */
export async function endCommands(
  rpc: Rpc,
  { threadId, itemIds }: { threadId: string; itemIds: readonly string[] },
  timeoutMs: number,
): Promise<void> {
  if (itemIds.length === 0) return;
  const listed = await rpc
    .request("thread/backgroundTerminals/list", { threadId }, timeoutMs)
    .catch(() => null);
  const data = fieldOf(listed, "data");
  const terminals = (Array.isArray(data) ? data : []).flatMap(
    (entry) => Terminal.safeParse(entry).data ?? [],
  );
  const left = terminals.filter(({ itemId }) => itemIds.includes(itemId));
  const ended = left.map(({ processId }) =>
    rpc.request("thread/backgroundTerminals/terminate", { threadId, processId }, timeoutMs),
  );
  await Promise.allSettled(ended);
}
