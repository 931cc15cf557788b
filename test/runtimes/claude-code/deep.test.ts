import { expect, it } from "vitest";
import { Exchange } from "../../../src/runtimes/claude-code/exchange.ts";
import { PromptTurn } from "../../../src/runtimes/claude-code/prompt-turn.ts";
import { TaskList } from "../../../src/runtimes/claude-code/tasks.ts";
import { ClaudeTurn } from "../../../src/runtimes/claude-code/translate.ts";
import { SessionUsage } from "../../../src/runtimes/claude-code/usage.ts";
import { readLine } from "../../../src/runtimes/claude-code/wire.ts";

it("a call with arguments too deep to be written down again is refused", async () => {
  const usage = new SessionUsage(false);
  const answered = Promise.withResolvers<unknown>();
  const turn = new PromptTurn({
    exchange: new Exchange("p"),
    usage,
    turn: new ClaudeTurn({ name: "claude", cwd: "/w", tasks: new TaskList(), usage }),
    listener: {
      onUpdate: () => undefined,
      onPermission: async ({ call }) => ({ answer: "allow", arguments: call.naming.arguments }),
    },
    cwd: "/w",
    mode: () => "ask",
    reply: (_requestId, answer) => answered.resolve(answer),
  });
  const depth = 200_000;
  const input = `{"command":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  const request = `{"subtype":"can_use_tool","tool_name":"Bash","tool_use_id":"c","input":${input}}`;
  turn.hear(readLine(JSON.parse(`{"type":"control_request","request_id":"r","request":${request}}`)));
  expect(await answered.promise).toMatchObject({ behavior: "deny" });
  turn.close();
});
