import { expect, it } from "vitest";
import { outline, translated } from "../../support/foreign-session.ts";

const line = (type: string, payload: unknown) => ({ timestamp: "2026-01-01T00:00:00Z", type, payload });
const item = (payload: Record<string, unknown>) => line("response_item", payload);
const event = (payload: Record<string, unknown>) => line("event_msg", payload);
const meta = line("session_meta", {
  id: "x",
  cwd: "/repo",
  timestamp: "2026-01-01T00:00:00Z",
  model_provider: "openai",
});
const user = (text: string) =>
  item({ type: "message", role: "user", content: [{ type: "input_text", text }] });
const agent = (text: string) =>
  item({ type: "message", role: "assistant", content: [{ type: "output_text", text }] });
const call = (id: string, name: string, args: string) =>
  item({ type: "function_call", call_id: id, name, arguments: args });
const output = (id: string, text: unknown) =>
  item({ type: "function_call_output", call_id: id, output: text });
const tokens = (input: number) =>
  event({
    type: "token_count",
    info: {
      last_token_usage: {
        input_tokens: input,
        cached_input_tokens: 10,
        output_tokens: 7,
        reasoning_output_tokens: 2,
      },
    },
  });

it("makes a step of what one response held, with its usage, and leaves the program's own texts out", () => {
  const { entries } = translated("codex", [
    meta,
    line("turn_context", { model: "gpt-x" }),
    user("<environment_context>\n<cwd>/repo</cwd>"),
    user("look"),
    event({ type: "user_message", message: "look" }),
    item({ type: "reasoning", summary: [{ type: "summary_text", text: "hm" }], encrypted_content: "…" }),
    call("c1", "exec_command", '{"cmd":"ls"}'),
    call("c2", "shell", '{"command":["bash","-lc","false"]}'),
    tokens(110),
    output("c1", "Chunk ID: 1\nProcess exited with code 0\nOutput:\na.txt"),
    output("c2", JSON.stringify({ output: "no", metadata: { exit_code: 1 } })),
    agent("Done."),
    tokens(210),
    tokens(210),
  ]);
  expect(outline(entries)).toEqual([
    "prompt: look",
    'assistant: (hm) | exec_command({"cmd":"ls"}) | shell({"command":["bash","-lc","false"]})',
    "tool_result: Chunk ID: 1\nProcess exited with code 0\nOutput:\na.txt",
    "tool_result!: no",
    "assistant: Done.",
  ]);
  const answers = entries.flatMap((entry) =>
    entry.type === "message" && entry.message.role === "assistant" ? [entry.message] : [],
  );
  expect(answers.map(({ usage }) => usage.input)).toEqual([100, 200]);
  expect(answers[0]).toMatchObject({ model: "openai/gpt-x", runtime: "codex", stopReason: "tool_use" });
  expect(entries.find((entry) => entry.type === "run_end")).toMatchObject({ steps: 2, outcome: "completed" });
});

it("makes a branch of turns that were rolled back", () => {
  const { entries, tally } = translated("codex", [
    meta,
    user("one"),
    agent("1"),
    user("two"),
    agent("2"),
    event({ type: "thread_rolled_back", num_turns: 1 }),
    user("other two"),
    agent("3"),
  ]);
  expect(tally.branches).toBe(2);
  const [, second, third] = entries.filter((entry) => entry.type === "run_start");
  expect(third?.parentId).toBe(second?.parentId);
});

it("tells an interrupted turn, shell lines, searches and free-form tools", () => {
  const { entries } = translated("codex", [
    meta,
    user(
      "<user_shell_command>\n<command>\nls\n</command>\n<result>\na.txt\n</result>\n</user_shell_command>",
    ),
    user("go"),
    item({ type: "web_search_call", action: { type: "search", query: "q" } }),
    item({ type: "custom_tool_call", call_id: "p", name: "apply_patch", input: "*** Begin Patch" }),
    event({
      type: "patch_apply_end",
      call_id: "p",
      changes: { "a.ts": { type: "update", unified_diff: "@@ -1 +1 @@\n-x\n+y\n" } },
    }),
    item({ type: "custom_tool_call_output", call_id: "p", output: [{ type: "input_text", text: "ok" }] }),
    event({ type: "turn_aborted", reason: "interrupted" }),
  ]);
  expect(outline(entries)).toEqual([
    "shell: I ran `ls` (exit code not known):\n\na.txt",
    "prompt: go",
    'assistant: web_search({"type":"search","query":"q"}) | apply_patch({"input":"*** Begin Patch"})',
    "tool_result: (done by the model's service)",
    "tool_result: ok",
    "end: interrupted",
  ]);
  const patched = entries.findLast((entry) => entry.type === "message");
  expect(patched).toMatchObject({ message: { details: { diff: { path: "a.ts", added: 1, removed: 1 } } } });
});

it("reads the oldest files, whose items have no frame, and counts what it does not know", () => {
  const { entries, tally } = translated("codex", [
    { id: "old", timestamp: "2025-05-01T00:00:00Z", instructions: "" },
    { record_type: "state" },
    { type: "message", role: "user", content: [{ type: "input_text", text: "hi" }] },
    { type: "message", role: "assistant", content: [{ type: "output_text", text: "ho" }] },
    { type: "brand_new_item" },
    line("frob", {}),
    event({ type: "frobbed" }),
  ]);
  expect(outline(entries)).toEqual(["prompt: hi", "assistant: ho"]);
  expect(Object.fromEntries(tally.unknown)).toEqual({ brand_new_item: 1, frob: 1, frobbed: 1 });
});
