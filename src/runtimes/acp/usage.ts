// What a turn of an ACP agent cost, from the three places where agents say it. Pure.
import * as z from "zod/mini";
import { fieldOf } from "../../lib/field-of.ts";
import type { Usage } from "../../protocol/usage.ts";
import type { PromptAnswer } from "./wire.ts";

const told = z.number().check(z.nonnegative());
const count = z.catch(told, 0);

/** ACP's own. `inputTokens` is what no cache had. */
const TurnUsage = z.object({
  inputTokens: told,
  outputTokens: told,
  totalTokens: count,
  cachedReadTokens: count,
  cachedWriteTokens: count,
  thoughtTokens: count,
});

/** Gemini's: `input_tokens` includes what came from a cache. */
const Quota = z.object({ token_count: z.object({ input_tokens: told, output_tokens: told }) });

/** Null when the agent said nothing, or nothing but zeros. `cost`: US dollars of this turn, null when unknown. */
export function turnUsage({ usage, _meta }: PromptAnswer, cost: number | null): Usage | null {
  const said = TurnUsage.safeParse(usage).data;
  if (said?.totalTokens || (said && cost)) return { ...fromTurn(said), cost };
  const quota = Quota.safeParse(fieldOf(_meta, "quota")).data?.token_count;
  if (!quota && !cost) return null;
  const { input_tokens: input = 0, output_tokens: output = 0 } = quota ?? {};
  return { input, output, cacheRead: 0, cacheWrite: 0, reasoning: 0, cost };
}

/** Some count thinking as output and some beside it; the total tells which. */
function fromTurn(said: z.infer<typeof TurnUsage>): Omit<Usage, "cost"> {
  const { inputTokens: input, cachedReadTokens: cacheRead, cachedWriteTokens: cacheWrite } = said;
  const { outputTokens, thoughtTokens: reasoning, totalTokens } = said;
  const beside = input + cacheRead + cacheWrite + outputTokens + reasoning === totalTokens;
  return {
    input,
    cacheRead,
    cacheWrite,
    output: beside ? outputTokens + reasoning : outputTokens,
    reasoning,
  };
}
