// Recorded talks with the real `codex app-server`, as scripts of its twin that say the same again, with what was done
// to it then and what must come of it.
import { type Recorded, transcriptLines } from "./acp-transcript.ts";
import type { CodexAct, CodexScript } from "./codex-agent.ts";

export type RecordedTurn = {
  /** As `turn/completed` has it; null where the recording ends before. */
  status: string | null;
  error: Recorded;
  /** Items as they were completed, the person's messages left out. */
  items: Recorded[];
  steers: number;
  /** Newest `total` of its counts. */
  tokens: Recorded;
};

export type RecordedTalk = {
  script: CodexScript;
  turns: RecordedTurn[];
  /** What was decided on each call then. */
  decisions: Map<string, string>;
  /** What the thread had counted before its first turn here. */
  before: Recorded;
};

type Reading = RecordedTalk & {
  threadId: string | null;
  /** Requests of ours that wait for an answer. */
  sent: Map<unknown, Recorded>;
  asked: Map<unknown, Recorded>;
  acts: CodexAct[] | null;
  turn: RecordedTurn | null;
  first: boolean;
};

export function codexTalk(text: string): RecordedTalk {
  const lines = transcriptLines(text);
  const reading: Reading = {
    script: { turns: [] },
    turns: [],
    decisions: new Map(),
    before: null,
    threadId: null,
    sent: new Map(),
    asked: new Map(),
    acts: null,
    turn: null,
    first: true,
  };
  const refused = refusedIds(lines);
  for (const { sent, message } of lines) {
    if (sent) readSent(reading, message, refused);
    else readSaid(reading, message);
  }
  const { script, turns, decisions, before } = reading;
  return { script, turns, decisions, before };
}

function refusedIds(lines: ReturnType<typeof transcriptLines>): Set<unknown> {
  const errors = lines.filter(({ sent, message }) => !sent && message.error !== undefined);
  return new Set(errors.map(({ message }) => message.id));
}

function isOwn({ threadId }: Reading, params: Recorded): boolean {
  return threadId === null || params?.threadId === undefined || params.threadId === threadId;
}

function readSent(reading: Reading, message: Recorded, refused: Set<unknown>): void {
  const { id, method, params, result } = message;
  if (method === undefined) {
    const asked = reading.asked.get(id);
    const decision = result?.decision ?? result?.action;
    if (asked?.itemId !== undefined && typeof decision === "string") {
      reading.decisions.set(asked.itemId, decision);
    }
    return;
  }
  reading.sent.set(id, message);
  if (!isOwn(reading, params) || refused.has(id)) return;
  if (method === "turn/start" && reading.acts === null) beginTurn(reading);
  else if (method === "turn/start" || method === "turn/steer") {
    reading.acts?.push({ do: "steered", quietly: true });
    if (reading.turn) reading.turn.steers += 1;
  } else if (method === "turn/interrupt") reading.acts?.push({ do: "interrupted" });
}

function beginTurn(reading: Reading): void {
  reading.acts = [];
  reading.turn = { status: null, error: null, items: [], steers: 0, tokens: null };
  reading.first = true;
  reading.turns.push(reading.turn);
  reading.script.turns.push({ id: "", acts: reading.acts });
}

function readSaid(reading: Reading, message: Recorded): void {
  const { id, method, params, result } = message;
  if (method === undefined) {
    readAnswer(reading, reading.sent.get(id), result);
    return;
  }
  if (!isOwn(reading, params)) return;
  if (reading.acts === null) {
    if (method === "thread/tokenUsage/updated" && reading.turns.length === 0)
      reading.before = params.tokenUsage.total;
    return;
  }
  if (id !== undefined) {
    reading.asked.set(id, params);
    reading.acts.push({ do: "ask", method, params, goesOn: true });
    return;
  }
  if (method !== "serverRequest/resolved")
    reading.acts.push({ do: "notify", method, params: marked(reading, params) });
  keep(reading, method, params);
}

/** The first message of the person in a turn is its prompt, the others were steered. */
function marked(reading: Reading, params: Recorded): Recorded {
  if (params?.item?.type !== "userMessage") return params;
  const steer = !reading.first;
  if (params.item.completedAtMs !== null) reading.first = false;
  return { ...params, item: { ...params.item, steer } };
}

function readAnswer(reading: Reading, sent: Recorded, result: Recorded): void {
  if (result === undefined || sent === undefined) return;
  const { script } = reading;
  if ((sent.method === "thread/start" || sent.method === "thread/resume") && reading.threadId === null) {
    reading.threadId = result.thread.id;
    script.threadId = result.thread.id;
    script.opened = result;
  }
  if (sent.method === "model/list") script.models = result;
  const turn = script.turns.at(-1);
  if (sent.method === "turn/start" && turn && "id" in turn && isOwn(reading, sent.params)) {
    turn.id ||= result.turn.id;
  }
}

function keep(reading: Reading, method: string, params: Recorded): void {
  const { turn } = reading;
  if (!turn) return;
  if (method === "item/completed" && params.item.type !== "userMessage") turn.items.push(params.item);
  if (method === "thread/tokenUsage/updated") turn.tokens = params.tokenUsage.total;
  if (method !== "turn/completed") return;
  turn.status = params.turn.status;
  turn.error = params.turn.error;
  reading.acts = null;
  reading.turn = null;
}
