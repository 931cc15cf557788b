// ScriptPlayer: picks the reply to each request: a matching rule, else the next in line, else an echo.
import type { Reply, Rule, Script, When } from "./script.ts";
import type { StubRequest } from "./stub-request.ts";

export interface ScriptPlayer {
  readonly models: readonly string[];
  /** The reply of a model: always there. */
  next(request: StubRequest): Reply;
  /** The reply to any other endpoint: only rules that name a path speak there. */
  forEndpoint(request: StubRequest): Reply | null;
}

export function createScriptPlayer(script: Script): ScriptPlayer {
  const uses = new Map<Rule, number>();
  let position = 0;

  function takeRule(request: StubRequest, rules: readonly Rule[]): Reply | null {
    const rule = rules.find((candidate) => {
      const used = uses.get(candidate) ?? 0;
      return used < (candidate.times ?? Number.POSITIVE_INFINITY) && matches(candidate.when, request);
    });
    if (!rule) return null;
    uses.set(rule, (uses.get(rule) ?? 0) + 1);
    return rule.reply;
  }

  function takeReply(): Reply | undefined {
    const reply = script.replies[position];
    if (reply) position += 1;
    return reply ?? (script.loop ? script.replies.at(-1) : undefined);
  }

  return {
    models: script.models.length > 0 ? script.models : ["stub-model"],
    next: (request) =>
      takeRule(request, script.rules) ?? takeReply() ?? { text: `stub: ${request.userText}` },
    forEndpoint: (request) =>
      takeRule(
        request,
        script.rules.filter((rule) => rule.when.path !== undefined),
      ),
  };
}

function matches(when: When, request: StubRequest): boolean {
  return (
    (when.contains === undefined || request.userText.includes(when.contains)) &&
    (when.anywhere === undefined || request.raw.includes(when.anywhere)) &&
    (when.lastRole === undefined || request.lastRole === when.lastRole) &&
    (when.model === undefined || request.model.includes(when.model)) &&
    (when.path === undefined || request.path.includes(when.path)) &&
    (when.toolResultOf === undefined || request.toolResultsOf.includes(when.toolResultOf)) &&
    (when.offers === undefined || request.tools.some(({ name }) => name === when.offers))
  );
}
