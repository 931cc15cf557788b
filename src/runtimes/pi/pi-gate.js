// Asks Hearth about every tool call before pi runs it. pi itself loads this file (`-e`), so it imports nothing; what
// goes wrong in here refuses the call.

/** `input` is the one dialog that can be withdrawn by a signal; its placeholder carries the call. */
const ASK = "hearth:permission";

// biome-ignore lint/style/noDefaultExport: pi loads extensions so
export default function hearthGate(pi) {
  pi.on("session_start", (_event, context) => context.ui.setStatus("hearth-gate", "ready"));
  pi.on("tool_call", async ({ toolCallId, toolName, input }, context) => {
    const call = JSON.stringify({ toolCallId, toolName, input });
    const answer = await context.ui.input(ASK, call, { signal: context.signal });
    if (answer === undefined) return { block: true, reason: "not run: the turn was stopped" };
    const verdict = JSON.parse(answer);
    if (verdict.allow !== true) return { block: true, reason: String(verdict.message) };
    if (verdict.input === undefined) return undefined;
    for (const name of Object.keys(input)) delete input[name];
    Object.assign(input, verdict.input);
    return undefined;
  });
}
