// Recorded talks with real ACP agents (lines `<ms> <direction> <json>`), as scripts that say the same again.
import type { AgentAct, AgentScript } from "./acp-agent.ts";

/** A message, or a part of one, as a real agent sent it: also what the protocol's types rule out. */
// biome-ignore lint/suspicious/noExplicitAny: unknown would need a cast at each of the steps into such a message
export type Recorded = any;

export function transcriptLines(text: string): { sent: boolean; message: Recorded }[] {
  return text.split("\n").flatMap((line) => {
    const found = /^\s*\d+ ([<>]) (\{.*\})\s*$/.exec(line);
    return found ? [{ sent: found[1] === ">", message: JSON.parse(found[2] ?? "") }] : [];
  });
}

/** Says at each prompt what the real agent said at its prompt of the same number. */
export function transcriptScript(text: string): AgentScript {
  const script: AgentScript = { turns: [] };
  const asked = new Map<unknown, string>();
  for (const { sent, message } of transcriptLines(text)) {
    if (sent) {
      if (message.method !== undefined) asked.set(message.id, message.method);
      if (message.method === "session/prompt") script.turns.push([]);
    } else if (message.method === undefined) {
      addAnswer(script, asked.get(message.id), message);
    } else {
      const act = actOf(message);
      if (act) script.turns.at(-1)?.push(act);
    }
  }
  return script;
}

function addAnswer(script: AgentScript, method: string | undefined, { result, error }: Recorded): void {
  if (method === "initialize") script.initialized = result;
  if (method === "session/new") script.opened = result;
  if (method !== "session/prompt") return;
  script.turns.at(-1)?.push(error ? { do: "fail", ...error } : { do: "end", answer: result });
}

function actOf({ method, params }: Recorded): AgentAct | null {
  if (method === "session/update") return { do: "update", update: params.update };
  if (method !== "session/request_permission") return null;
  return { do: "ask", toolCall: params.toolCall, options: params.options };
}
