// Script: what the stub provider answers, in shapes that know no wire API. Schemas and their reading only.
import * as z from "zod/mini";

const count = z.int().check(z.minimum(0));

const ReplyPart = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), text: z.string() }),
  z.strictObject({ type: z.literal("thinking"), text: z.string() }),
  z.strictObject({
    type: z.literal("tool_call"),
    name: z.string(),
    /** An object, or raw text where a model is to send broken JSON. */
    arguments: z.optional(z.union([z.record(z.string(), z.unknown()), z.string()])),
    id: z.optional(z.string()),
  }),
]);
export type ReplyPart = z.infer<typeof ReplyPart>;

/** Tokens in the program's own counting: `input` without cache, `output` with reasoning. */
const ReplyUsage = z.strictObject({
  input: z.optional(count),
  output: z.optional(count),
  cacheRead: z.optional(count),
  cacheWrite: z.optional(count),
  reasoning: z.optional(count),
});

const afterDeltas = z.optional(count);

/**
 * What goes wrong. `afterDeltas` (default 1) says after how many pieces of text, thinking or arguments it
 * strikes; an answer that is not streamed counts as two pieces. Kinds may be given as a bare string.
 */
const Fault = z.discriminatedUnion("kind", [
  /** TCP reset, after that many bytes of the body or pieces. */
  z.strictObject({ kind: z.literal("reset"), afterBytes: z.optional(count), afterDeltas }),
  /** The connection is ended before any header. */
  z.strictObject({ kind: z.literal("close") }),
  /** One event whose JSON cannot be read; the rest follows. */
  z.strictObject({ kind: z.literal("malformed"), afterDeltas }),
  /** Silence for `ms`, or for ever. */
  z.strictObject({ kind: z.literal("stall"), afterDeltas, ms: z.optional(count) }),
  /** The body drips at so many bytes a second (default 1,000). */
  z.strictObject({ kind: z.literal("drip"), bytesPerSecond: z.optional(z.number().check(z.positive())) }),
  /** Status 200 and nothing else. */
  z.strictObject({ kind: z.literal("empty") }),
  /** The body is cut inside an event and ended as if it were whole. */
  z.strictObject({ kind: z.literal("truncated"), afterDeltas }),
  /** Bytes that are no UTF-8 in the middle of the text. */
  z.strictObject({ kind: z.literal("invalid-utf8") }),
  /** The right body under a wrong label (default text/plain). */
  z.strictObject({ kind: z.literal("wrong-content-type"), contentType: z.optional(z.string()) }),
  /** Status 200 with a web page, as a captive portal answers. */
  z.strictObject({ kind: z.literal("html") }),
  /** The vendor's own error event in the midst of a stream. */
  z.strictObject({ kind: z.literal("error-event"), afterDeltas, message: z.optional(z.string()) }),
  /** The vendor's own refusal of a prompt that is too long. */
  z.strictObject({ kind: z.literal("overflow") }),
]);
export type Fault = z.infer<typeof Fault>;
/**
 * One answer. Parts come in the order thinking, text, toolCalls, or as `content` gives them. With `status`
 * of 400 or more the body is the vendor's error, `text` its message. `delayMs` passes before the first byte,
 * `chunkDelayMs` between pieces of `chunkSize` characters. `body` replaces the whole body as it stands.
 */
const Reply = z.strictObject({
  text: z.optional(z.string()),
  thinking: z.optional(z.string()),
  toolCalls: z.optional(
    z.array(
      z.strictObject({
        name: z.string(),
        arguments: z.optional(z.union([z.record(z.string(), z.unknown()), z.string()])),
        id: z.optional(z.string()),
      }),
    ),
  ),
  content: z.optional(z.array(ReplyPart)),
  usage: z.optional(ReplyUsage),
  stopReason: z.optional(z.enum(["stop", "length", "tool_use", "refusal"])),
  delayMs: z.optional(z.number().check(z.minimum(0))),
  chunkSize: z.optional(z.int().check(z.minimum(1))),
  chunkDelayMs: z.optional(z.number().check(z.minimum(0))),
  status: z.optional(z.int().check(z.minimum(200), z.maximum(599))),
  headers: z.optional(z.record(z.string(), z.string())),
  body: z.optional(z.unknown()),
  fault: z.optional(Fault),
});
export type Reply = z.infer<typeof Reply>;

/** All given conditions must hold. `contains` looks at the newest user text, `anywhere` at the raw body. */
const When = z.strictObject({
  contains: z.optional(z.string()),
  anywhere: z.optional(z.string()),
  lastRole: z.optional(z.enum(["user", "assistant", "tool"])),
  /** Part of the model's id. */
  model: z.optional(z.string()),
  /** Part of the path. Rules for endpoints other than the four wire APIs need it. */
  path: z.optional(z.string()),
  /** Name of a tool whose result the request ends with. */
  toolResultOf: z.optional(z.string()),
  /** Name of a tool that the request offers: tells an agent's own turns from those it asks for a title. */
  offers: z.optional(z.string()),
});
export type When = z.infer<typeof When>;

const Rule = z.strictObject({
  when: When,
  times: z.optional(z.int().check(z.minimum(1))),
  reply: Reply,
});
export type Rule = z.infer<typeof Rule>;

/** Rules are tried first, in order; then replies are taken in order; then the default echo. */
export type Script = { replies: Reply[]; rules: Rule[]; loop: boolean; models: string[] };

const ScriptFields = z.strictObject({
  replies: z.optional(z.array(z.unknown())),
  rules: z.optional(z.array(z.unknown())),
  /** The last reply is given again and again. */
  loop: z.optional(z.boolean()),
  /** Ids that the model lists name. */
  models: z.optional(z.array(z.string())),
});

type Shorthand<T extends { fault?: Fault | undefined }> = Omit<T, "fault"> & {
  fault?: Fault | Fault["kind"];
};
/** As written by people: a bare string is a text, a bare fault name is a fault. */
type ReplyInput = string | Shorthand<Reply>;
type RuleInput = Omit<Rule, "reply"> & { reply: ReplyInput };
export type ScriptInput =
  | readonly (ReplyInput | RuleInput)[]
  | {
      replies?: readonly ReplyInput[];
      rules?: readonly RuleInput[];
      loop?: boolean;
      models?: readonly string[];
    };

/** Where in a script something is wrong, as schema issues; made into a sentence by load-script.ts. */
export type ScriptResult = { script: Script } | { issues: readonly z.core.$ZodIssue[] };

/** Checks a script. Lists mix replies and rules (`{when, reply}`); an object names them apart or is one of them. */
export function checkScript(input: unknown): ScriptResult {
  if (Array.isArray(input)) return checkEntries(input, { loop: false, models: [], path: [] });
  if (isSingleEntry(input)) return checkScript([input]);
  const fields = ScriptFields.safeParse(input);
  if (!fields.success) return { issues: fields.error.issues };
  const { replies = [], rules = [], loop = false, models = [] } = fields.data;
  const checkedReplies = checkEntries(replies, { loop, models, path: ["replies"] });
  if ("issues" in checkedReplies) return checkedReplies;
  const checkedRules = checkEntries(rules, { loop, models, path: ["rules"] });
  if ("issues" in checkedRules) return checkedRules;
  return { script: { ...checkedReplies.script, rules: checkedRules.script.rules } };
}

function checkEntries(
  entries: readonly unknown[],
  { loop, models, path }: { loop: boolean; models: string[]; path: PropertyKey[] },
): ScriptResult {
  const script: Script = { replies: [], rules: [], loop, models };
  for (const [index, entry] of entries.entries()) {
    const isRule = path[0] === "rules" || (isObject(entry) && "when" in entry);
    const checked = isRule ? Rule.safeParse(expandRule(entry)) : Reply.safeParse(expandReply(entry));
    if (!checked.success) {
      return {
        issues: checked.error.issues.map((issue) => ({ ...issue, path: [...path, index, ...issue.path] })),
      };
    }
    if ("when" in checked.data) script.rules.push(checked.data);
    else script.replies.push(checked.data);
  }
  return { script };
}

/** A file of one line holds one reply, not a script object. */
function isSingleEntry(input: unknown): boolean {
  if (!isObject(input)) return false;
  const keys = Object.keys(input);
  return keys.length > 0 && keys.every((key) => key in Reply.shape || key in Rule.shape);
}

function expandRule(entry: unknown): unknown {
  return isObject(entry) && "reply" in entry ? { ...entry, reply: expandReply(entry.reply) } : entry;
}

function expandReply(entry: unknown): unknown {
  if (typeof entry === "string") return { text: entry };
  if (!isObject(entry) || typeof entry.fault !== "string") return entry;
  return { ...entry, fault: { kind: entry.fault } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
