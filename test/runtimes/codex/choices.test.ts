import { describe, expect, it } from "vitest";
import { ofType } from "../../support/events.ts";
import { prepare } from "./harness.ts";

describe("choices", () => {
  const model = (name: string, efforts: string[], more = {}) => ({
    model: name,
    supportedReasoningEfforts: efforts.map((reasoningEffort) => ({ reasoningEffort })),
    defaultReasoningEffort: efforts[0],
    inputModalities: ["text", "image"],
    hidden: false,
    ...more,
  });
  const models = {
    data: [
      model("gpt-a", ["low", "high"]),
      model("gpt-b", ["medium"]),
      model("secret", [], { hidden: true }),
    ],
  };

  it("of model and thinking level are told with the next turn, once", async () => {
    const { start, agent } = await prepare({ turns: [], models, opened: { model: "gpt-a" } });
    await using session = await start();
    session.send({ type: "set_thinking", thinking: "high" });
    await session.nth("notice");
    session.send({ type: "set_model", model: "gpt-b" });
    await session.nth("notice", 2);
    await session.ask("go");
    await session.ask("on");
    expect(agent.told("turn/start").map(({ params }) => [params.model, params.effort])).toEqual([
      ["gpt-b", "medium"],
      [undefined, undefined],
    ]);
    expect(session.messages().at(-1)).toMatchObject({ model: "codex/gpt-b" });
  });

  it("that are hidden or unknown are refused with what there is, the person's own model among them", async () => {
    const { start } = await prepare({ turns: [], models });
    await using session = await start();
    session.send({ type: "set_model", model: "secret" });
    await session.nth("notice");
    expect(ofType(session.events, "notice")[0]?.hint).toBe("It offers: stub-model, gpt-a, gpt-b.");
  });

  it("of plan mode are Codex's own plan mode and a read-only sandbox, and go back to what the thread had", async () => {
    const { start, agent } = await prepare({ turns: [] });
    await using session = await start();
    await session.ask("one");
    session.send({ type: "set_mode", mode: "plan" });
    await session.nth("mode_changed");
    await session.ask("two");
    session.send({ type: "set_mode", mode: "auto" });
    await session.nth("mode_changed", 2);
    await session.ask("three");
    session.send({ type: "set_mode", mode: "full" });
    await session.nth("mode_changed", 3);
    await session.ask("four");
    const [one, two, three, four] = agent.told("turn/start").map(({ params }) => params);
    expect(one.collaborationMode).toBeUndefined();
    expect(two).toMatchObject({ collaborationMode: { mode: "plan" }, sandboxPolicy: { type: "readOnly" } });
    expect(three).toMatchObject({
      collaborationMode: { mode: "default" },
      sandboxPolicy: { type: "workspaceWrite", writableRoots: ["/extra"] },
    });
    expect(four.sandboxPolicy).toEqual({ type: "dangerFullAccess" });
    expect(four.collaborationMode).toBeUndefined();
  });
});
