// A conversation and the start of its runtime: what needs one, what gives it up, what takes over where it fails.
import { describe, expect, it, vi } from "vitest";
import { isAtWork } from "../../src/app/state.ts";
import { AppError } from "../../src/lib/app-error.ts";
import { ask, openConversation, prompt, settled } from "./test-conversation.ts";

describe("the start of a runtime", () => {
  it("starts no runtime for a setting or an exit", async () => {
    const { conversation, one, native, events } = await openConversation();
    await conversation.send({ type: "set_mode", mode: "plan" });
    expect(one.starts).toEqual([]);
    await conversation.switchRuntime("native", "");
    await conversation.send({ type: "set_thinking", thinking: "high" });
    await conversation.send({ type: "set_model", model: "any" });
    expect(conversation.state()).toMatchObject({ mode: "plan", thinking: "high", model: "faux/demo" });
    await conversation.send({ type: "exit" });
    expect(events.at(-1)).toEqual({ type: "settled", exit: true });
    expect(native.starts).toEqual([]);
    await ask(conversation, "a");
    expect(native.starts[0]).toMatchObject({ mode: "plan", thinking: "high" });
  });

  it("leaves the model to an external runtime, which is started for that, and keeps its own", async () => {
    const { conversation, one, events } = await openConversation();
    await conversation.send({ type: "set_model", model: "opus" });
    await conversation.send({ type: "set_thinking", thinking: "high" });
    await ask(conversation, "a");
    expect(one.starts).toHaveLength(1);
    const notices = events.flatMap((event) => (event.type === "notice" ? [event.message] : []));
    expect(notices).toEqual(["set_model", "set_thinking"]);
    expect(conversation.state()).toMatchObject({ model: "faux/demo", thinking: "off" });
  });

  it("keeps the queue when a runtime cannot start", async () => {
    const { conversation, one } = await openConversation();
    await conversation.send({ type: "pause" });
    await conversation.send(prompt("later"));
    await conversation.switchRuntime("two", "");
    await conversation.switchRuntime("one", "");
    one.failure = new Error("no start");
    await expect(conversation.send({ type: "resume" })).rejects.toThrow("no start");
    one.failure = null;
    const end = settled(conversation);
    await conversation.send({ type: "resume" });
    await end;
    expect(conversation.lastAnswer()?.runtime).toBe("one");
    expect(conversation.history()[0]?.message.content[0]).toMatchObject({ text: "later" });
  });

  it("lets native answer, with the reason, when another runtime cannot start", async () => {
    const { conversation, two, native, events } = await openConversation();
    await conversation.switchRuntime("two", "");
    two.failure = new AppError("runtime.start", "two is not there.", { hint: "Install it." });
    await ask(conversation, "a");
    expect(conversation.lastAnswer()?.runtime).toBe("native");
    expect(native.turns).toHaveLength(1);
    expect(events).toContainEqual({
      type: "notice",
      level: "warning",
      code: "runtime.fallback",
      message: "two could not start, so native takes this turn: two is not there.",
      hint: "Install it.",
    });
  });

  it("gives up a start under way at an interrupt: native does not answer instead, the next prompt starts anew", async () => {
    const { conversation, one, native } = await openConversation();
    one.stuck = true;
    const interrupted = { code: "runtime.interrupted" };
    const sent = expect(conversation.send(prompt("a"))).rejects.toMatchObject(interrupted);
    const waiting = expect(conversation.send(prompt("next"))).rejects.toMatchObject(interrupted);
    await vi.waitFor(() => expect(one.starts).toHaveLength(1));
    await conversation.send({ type: "interrupt" });
    await Promise.all([sent, waiting]);
    one.stuck = false;
    await ask(conversation, "b");
    await conversation.send({ type: "interrupt" });
    expect(conversation.lastAnswer()?.runtime).toBe("one");
    expect(native.starts).toHaveLength(0);
    expect(one.starts.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  });

  it("given up is not begun again by the interrupt, whatever is queued", async () => {
    const { conversation, two } = await openConversation();
    await conversation.send({ type: "pause" });
    await conversation.send(prompt("later"));
    await conversation.switchRuntime("two", "");
    two.stuck = true;
    const sent = expect(conversation.send({ type: "resume" })).rejects.toMatchObject({
      code: "runtime.interrupted",
    });
    await vi.waitFor(() => expect(two.starts).toHaveLength(1));
    await conversation.send({ type: "interrupt" });
    await sent;
    expect(two.starts).toHaveLength(1);
    expect(conversation.state().queue.map(({ text }) => text)).toContain("later");
  });

  it("gives up a start that an interrupt came before, and only that one", async () => {
    const { conversation, one } = await openConversation();
    const sent = conversation.send(prompt("a"));
    const interrupted = conversation.send({ type: "interrupt" });
    await expect(sent).rejects.toMatchObject({ code: "runtime.interrupted" });
    await interrupted;
    expect(one.starts).toEqual([]);
    await ask(conversation, "b");
    expect(conversation.lastAnswer()?.runtime).toBe("one");
  });

  it("says which external runtime is being started, also when that fails, and nothing of native", async () => {
    const { conversation, two } = await openConversation();
    await conversation.switchRuntime("two", "");
    two.failure = new AppError("runtime.start", "two is not there.");
    const seen: string[] = [];
    conversation.onChange(() => {
      const { state, starting } = conversation.state();
      seen.push(`${state} ${starting} ${isAtWork(conversation.state())}`);
    });
    await ask(conversation, "a");
    expect(seen).toEqual(["idle two true", "idle  false"]);
    await conversation.switchRuntime("native", "");
    await ask(conversation, "b");
    expect(seen).toHaveLength(2);
  });

  it("lets a strict runtime that cannot start be an error", async () => {
    const { conversation, two } = await openConversation({ strict: true });
    await conversation.switchRuntime("two", "");
    two.failure = new AppError("runtime.start", "two is not there.");
    await expect(conversation.send(prompt("a"))).rejects.toThrow("two is not there.");
  });
});
