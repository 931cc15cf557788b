// What takes time before or without a run: an external agent that starts, a command of the person's own. Both show,
// and Esc ends both.
import { expect, test } from "vitest";
import { KEY } from "../support/terminal.ts";
import { agentsGone, newAgentPlace, openWithAgent } from "./external-agent.ts";
import { openTui } from "./tui-driver.ts";

test("An agent that starts is named in the status line, and Esc gives it up", async () => {
  const place = await newAgentPlace({ turns: [], start: "hang" });
  const tui = await openWithAgent(place);
  tui.enter("hello");
  await tui.waitForStatus("starting codex");
  tui.type(KEY.escape);
  await tui.waitFor("codex was interrupted before it had started");
  await tui.waitForStatus("idle");
  await agentsGone(place);
});

test("A command of the person's own shows its output while it runs, and Esc ends it", async () => {
  const tui = await openTui([]);
  tui.enter("!echo first; sleep 60");
  await tui.waitFor(/\$ echo first; sleep 60\n +first/);
  await tui.waitForStatus("running ! echo 0:0");
  tui.type(KEY.escape);
  await tui.waitFor("ended by a signal");
  await tui.waitForStatus("idle");
  expect(
    tui
      .screen()
      .join("\n")
      .match(/\$ echo first/g),
  ).toHaveLength(1);
});
