// What `codex app-server` may say, read leniently: each version adds item types, notifications and fields, so what is
// not known or not well formed is left out. Pure. Shapes as its own schema has them (`codex app-server
// generate-json-schema`), seen with 0.169.0.
import * as z from "zod/mini";
import { rowOf } from "../../lib/field-of.ts";

const words = z.catch(z.optional(z.string()), undefined);
const list = z.catch(z.optional(z.array(z.unknown())), undefined);
const count = z.catch(z.number().check(z.nonnegative()), 0);
const maybeNumber = z.catch(z.optional(z.nullable(z.number())), undefined);

/** One item of a turn: a message, a tool call, a thought. Which fields it has is told by its type. */
export const Item = z.object({
  type: z.string(),
  id: z.string(),
  text: words,
  /** Of a user's message: the id that its sender gave it. */
  clientId: words,
  summary: list,
  content: list,
  command: words,
  cwd: words,
  status: words,
  /** Of a command that runs. */
  processId: words,
  aggregatedOutput: words,
  exitCode: maybeNumber,
  changes: list,
  server: words,
  namespace: words,
  tool: words,
  name: words,
  prompt: words,
  query: words,
  path: words,
  revisedPrompt: words,
  savedPath: words,
  arguments: z.optional(z.unknown()),
  action: z.optional(z.unknown()),
  result: z.optional(z.unknown()),
  output: z.optional(z.unknown()),
  error: z.optional(z.unknown()),
  contentItems: list,
});
export type Item = z.infer<typeof Item>;

/** One file of a change. `diff`: of an update unified hunks, of a new or deleted file its whole text. */
export const FileChange = z.object({
  path: z.string(),
  kind: z.catch(z.object({ type: words, move_path: z.catch(z.nullable(words), undefined) }), {
    type: undefined,
    move_path: undefined,
  }),
  diff: z.catch(z.string(), ""),
});
export type FileChange = z.infer<typeof FileChange>;

const Tokens = z.object({
  inputTokens: count,
  cachedInputTokens: count,
  cacheWriteInputTokens: count,
  outputTokens: count,
  reasoningOutputTokens: count,
});
/** `inputTokens` include the cached ones, `outputTokens` the reasoning. */
export type Tokens = z.infer<typeof Tokens>;

export const TurnError = z.object({
  message: z.catch(z.string(), "its turn failed"),
  /** A word, or an object whose one key is the word. */
  codexErrorInfo: z.optional(z.unknown()),
  additionalDetails: z.catch(z.nullable(words), undefined),
});
export type TurnError = z.infer<typeof TurnError>;

const Turn = z.object({
  id: z.string(),
  status: words,
  error: z.catch(z.optional(z.nullable(TurnError)), undefined),
});

const Effort = z.object({ reasoningEffort: z.string() });
const Model = z.object({
  model: z.string(),
  hidden: z.catch(z.boolean(), false),
  supportedReasoningEfforts: list,
  defaultReasoningEffort: words,
  inputModalities: list,
});

export type ModelInfo = { model: string; efforts: string[]; defaultEffort: string | null; images: boolean };

/** Those that a person may choose. */
export function readModels(answer: unknown): { models: ModelInfo[]; nextCursor: string | null } {
  const page = z.object({ data: list, nextCursor: words }).safeParse(answer).data;
  const models = (page?.data ?? []).flatMap((entry) => {
    const read = Model.safeParse(entry).data;
    if (!read || read.hidden) return [];
    const { model, supportedReasoningEfforts = [], defaultReasoningEffort = null } = read;
    const efforts = supportedReasoningEfforts.flatMap((each) => Effort.safeParse(each).data ?? []);
    return {
      model,
      efforts: efforts.map(({ reasoningEffort }) => reasoningEffort),
      defaultEffort: defaultReasoningEffort,
      images: read.inputModalities?.includes("image") ?? true,
    };
  });
  return { models, nextCursor: page?.nextCursor ?? null };
}

/** The answer that opens a thread, and the notification that its settings changed. */
const ThreadOpened = z.object({
  thread: z.object({ id: z.string() }),
  model: words,
  reasoningEffort: words,
  sandbox: z.optional(z.unknown()),
  /** Of a thread that is gone on with; in plan mode it may still be. */
  collaborationMode: z.catch(z.optional(z.nullable(z.object({ mode: words }))), undefined),
});
export type ThreadOpened = z.infer<typeof ThreadOpened>;

export function readOpened(answer: unknown): ThreadOpened | null {
  return ThreadOpened.safeParse(answer).data ?? null;
}

const TurnOpened = z.object({ turn: z.object({ id: z.string() }) });

export function readTurnId(answer: unknown): string | null {
  return TurnOpened.safeParse(answer).data?.turn.id ?? null;
}

const AccountAnswer = z.object({
  account: z.optional(z.unknown()),
  requiresOpenaiAuth: z.catch(z.boolean(), false),
});

/** True when its provider wants a login and there is none. */
export function lacksLogin(answer: unknown): boolean {
  const read = AccountAnswer.safeParse(answer).data;
  return read?.requiresOpenaiAuth === true && (read.account ?? null) === null;
}

type PlanStatus = "pending" | "in_progress" | "completed";

/** A notification as far as it means something to us. Null ids: it said none. */
export type CodexNote = { threadId: string | null; turnId: string | null } & (
  | { type: "item"; begins: boolean; item: Item }
  | { type: "delta"; kind: "text" | "thinking" | "output"; itemId: string; part: number; text: string }
  | { type: "plan"; entries: { text: string; status: PlanStatus }[] }
  | { type: "usage"; total: Tokens; last: Tokens }
  | { type: "error"; error: TurnError; willRetry: boolean }
  | { type: "turn_started" }
  | { type: "turn_completed"; status: string; error: TurnError | null }
  | { type: "warning"; message: string }
  | { type: "settings"; model: string | undefined; effort: string | undefined }
  | { type: "rerouted"; from: string; to: string }
  | { type: "resolved"; requestId: string | number }
);

const Params = z.object({
  threadId: words,
  turnId: words,
  turn: z.catch(z.optional(Turn), undefined),
  item: z.catch(z.optional(Item), undefined),
  itemId: words,
  delta: words,
  summaryIndex: z.catch(z.number(), 0),
  contentIndex: z.catch(z.number(), 0),
  plan: list,
  tokenUsage: z.catch(z.optional(z.object({ total: Tokens, last: Tokens })), undefined),
  error: z.catch(z.optional(TurnError), undefined),
  willRetry: z.catch(z.boolean(), false),
  message: words,
  summary: words,
  threadSettings: z.catch(z.optional(z.object({ model: words, effort: words })), undefined),
  fromModel: words,
  toModel: words,
  requestId: z.catch(z.optional(z.union([z.string(), z.number()])), undefined),
});
type Params = z.infer<typeof Params>;

const DELTAS: Readonly<Record<string, "text" | "thinking" | "output">> = {
  "item/agentMessage/delta": "text",
  "item/plan/delta": "text",
  "item/reasoning/summaryTextDelta": "thinking",
  "item/reasoning/textDelta": "thinking",
  "item/commandExecution/outputDelta": "output",
};

/** Null for what says nothing to us, known or not. Never throws. */
export function readNote(method: string, params: unknown): CodexNote | null {
  const read = Params.safeParse(params).data;
  if (!read) return null;
  const place = { threadId: read.threadId ?? null, turnId: read.turnId ?? read.turn?.id ?? null };
  const kind = rowOf(DELTAS, method);
  if (kind !== undefined) {
    const { itemId, delta, summaryIndex, contentIndex } = read;
    if (itemId === undefined || !delta) return null;
    return { ...place, type: "delta", kind, itemId, part: summaryIndex || contentIndex, text: delta };
  }
  const note = rowOf(READERS, method)?.(read) ?? null;
  return note && { ...place, ...note };
}

type Placeless<Note> = Note extends unknown ? Omit<Note, "threadId" | "turnId"> : never;

type Reader = (read: Params) => Placeless<CodexNote> | null;

const readItem =
  (begins: boolean): Reader =>
  ({ item }) =>
    item ? { type: "item", begins, item } : null;

const readWarning: Reader = ({ message, summary }) => {
  const words = message ?? summary;
  return words ? { type: "warning", message: words } : null;
};

const READERS: Readonly<Record<string, Reader>> = {
  "item/started": readItem(true),
  "item/completed": readItem(false),
  "turn/plan/updated": ({ plan }) => ({ type: "plan", entries: planEntries(plan) }),
  "thread/tokenUsage/updated": ({ tokenUsage }) => (tokenUsage ? { type: "usage", ...tokenUsage } : null),
  error: ({ error, willRetry }) => (error ? { type: "error", error, willRetry } : null),
  "turn/started": () => ({ type: "turn_started" }),
  "turn/completed": ({ turn }) => ({
    type: "turn_completed",
    status: turn?.status ?? "completed",
    error: turn?.error ?? null,
  }),
  warning: readWarning,
  guardianWarning: readWarning,
  configWarning: readWarning,
  "thread/settings/updated": ({ threadSettings }) => ({
    type: "settings",
    model: threadSettings?.model,
    effort: threadSettings?.effort,
  }),
  "model/rerouted": ({ fromModel: from = "", toModel: to }) => (to ? { type: "rerouted", from, to } : null),
  "serverRequest/resolved": ({ requestId }) =>
    requestId === undefined ? null : { type: "resolved", requestId },
};

const PlanStep = z.object({ step: z.string(), status: words });

function planEntries(plan: readonly unknown[] = []): { text: string; status: PlanStatus }[] {
  return plan.flatMap((entry) => {
    const read = PlanStep.safeParse(entry).data;
    return read ? [{ text: read.step, status: planStatus(read.status) }] : [];
  });
}

function planStatus(status: string | undefined): PlanStatus {
  if (status === "inProgress" || status === "in_progress") return "in_progress";
  return status === "completed" ? "completed" : "pending";
}

const Question = z.object({ id: z.string() });

/** What Codex asks of us before a call, in one shape for its several requests. */
export const ApprovalParams = z.object({
  threadId: words,
  turnId: words,
  itemId: words,
  kind: words,
  approvalId: words,
  command: words,
  reason: words,
  serverName: words,
  message: words,
  mode: words,
  questions: list,
  permissions: z.optional(z.unknown()),
  networkApprovalContext: z.catch(
    z.optional(z.nullable(z.object({ host: words, protocol: words }))),
    undefined,
  ),
  _meta: z.catch(z.optional(z.nullable(z.record(z.string(), z.unknown()))), undefined),
});
export type ApprovalParams = z.infer<typeof ApprovalParams>;

export function questionIds({ questions = [] }: ApprovalParams): string[] {
  return questions.flatMap((entry) => Question.safeParse(entry).data?.id ?? []);
}
