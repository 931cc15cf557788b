import { describe, expect, it } from "vitest";
import { isAtWork } from "../../src/app/state.ts";
import type { RuntimeStart } from "../../src/runtimes/runtime.ts";
import { readBranch } from "../../src/session/read.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ask, gate, openConversation, prompt, settled } from "./test-conversation.ts";

const told = (start: RuntimeStart | undefined) =>
  start?.history.map(({ message }) =>
    message.content.map((part) => ("text" in part ? part.text : "")).join(""),
  );

describe("a conversation", () => {
  it("records in the order of the events, also of one that a subscriber makes", async () => {
    const dir = await temporaryFolder();
    const { conversation } = await openConversation({ dir });
    const seen: string[] = [];
    conversation.subscribe(({ event }) => {
      if (event.type === "run_start")
        void conversation.emit({ type: "notice", level: "info", message: "at once" });
    });
    conversation.subscribe(({ event }) => seen.push(event.type));
    await ask(conversation, "hi");
    await conversation.close();
    const stored = ["run_start", "notice", "message", "message", "run_end"];
    const { entries } = await readBranch(conversation.file ?? "");
    expect(entries.map(({ type }) => type)).toEqual(stored);
    expect(seen.filter((type) => stored.includes(type.replace("_end", "")) || stored.includes(type))).toEqual(
      ["run_start", "notice", "message_end", "message_end", "run_end"],
    );
  });

  it("gives the next runtime the conversation so far, and takes it back", async () => {
    const { conversation, one, two, events } = await openConversation();
    one.externalSessionId = "one-1";
    await ask(conversation, "a");
    await conversation.switchRuntime("two", "takes over");
    expect(events.at(-1)).toEqual({ type: "runtime_changed", runtime: "two", detail: "takes over" });
    await ask(conversation, "b");
    await conversation.switchRuntime("one", "takes over");
    await ask(conversation, "c");
    expect(told(two.starts[0])).toEqual(["a", "from one"]);
    expect(told(one.starts[1])).toEqual(["a", "from one", "b", "from two"]);
    expect(one.starts.map(({ externalSessionId }) => externalSessionId)).toEqual([undefined, "one-1"]);
    expect(two.starts[0]?.externalSessionId).toBeUndefined();
    expect(conversation.lastAnswer()?.runtime).toBe("one");
    expect(conversation.state()).toMatchObject({ runtime: "one", runs: 3 });
  });

  it("does not grow the history of a runtime behind its back", async () => {
    const { conversation, one } = await openConversation();
    await ask(conversation, "a");
    expect(told(one.starts[0])).toEqual([]);
  });

  it("starts anew with a shell line, before the messages that come next, in their order", async () => {
    const { conversation, one, events } = await openConversation();
    await ask(conversation, "a");
    await conversation.shell("ls");
    const end = settled(conversation);
    await Promise.all([conversation.send(prompt("b")), conversation.send(prompt("c"))]);
    await end;
    expect(told(one.starts[1])?.at(-1)).toBe("I ran `ls` (exit code 0):\n\nout\n");
    const prompts = events.flatMap((event) => (event.type === "run_start" ? [event.prompt] : []));
    expect(prompts).toEqual(["a", "b", "c"]);
  });

  it("puts a shell line after the run that is under way", async () => {
    const { conversation, one, events } = await openConversation();
    const { open, opened } = gate();
    one.hold = opened;
    await conversation.send(prompt("a"));
    const end = settled(conversation);
    const ran = conversation.shell("ls");
    open();
    await Promise.all([end, ran]);
    const order = events.flatMap((event) => {
      if (event.type === "run_end") return ["end"];
      return event.type === "message_end" && event.message.role === "user" ? [event.message.source] : [];
    });
    expect(order).toEqual(["prompt", "end", "shell"]);
  });

  it("ends a shell line with an interrupt, keeps its output, and starts no runtime for that", async () => {
    const { conversation, one, shell } = await openConversation();
    shell.release = new Promise(() => undefined);
    const ran = conversation.shell("sleep 9");
    await conversation.send({ type: "interrupt" });
    await ran;
    expect(conversation.history()[0]?.message.content[0]).toMatchObject({
      text: "I ran `sleep 9` (exit code none, ended by a signal):\n\nout\n",
    });
    expect(one.starts).toEqual([]);
  });

  it("shows a shell line with its output while it runs, without an event", async () => {
    const { conversation, shell, events } = await openConversation();
    const { open, opened } = gate();
    shell.release = opened;
    const seen: string[] = [];
    conversation.onChange(() =>
      seen.push(
        conversation
          .state()
          .shells.map(({ output }) => output)
          .join(),
      ),
    );
    const ran = conversation.shell("make");
    expect(conversation.state().shells).toMatchObject([{ command: "make", output: "out\n" }]);
    expect(isAtWork(conversation.state())).toBe(true);
    expect(events).toEqual([]);
    open();
    await ran;
    expect(isAtWork(conversation.state())).toBe(false);
    expect(seen).toEqual(["", "out\n", ""]);
  });

  it("keeps what a shell line said so far when it is closed", async () => {
    const dir = await temporaryFolder();
    const { conversation, shell } = await openConversation({ dir });
    shell.release = new Promise(() => undefined);
    const ran = conversation.shell("sleep 9");
    await conversation.close();
    await ran;
    const { entries } = await readBranch(conversation.file ?? "");
    expect(entries).toMatchObject([
      { type: "message", message: { details: { output: "out\n", exitCode: null } } },
    ]);
  });

  it("refuses another runtime during a run, and everything once it is closed", async () => {
    const { conversation, one, events } = await openConversation();
    one.hold = new Promise(() => undefined);
    const started = new Promise<void>((resolve) => {
      conversation.subscribe(({ event }) => event.type === "run_start" && resolve());
    });
    await conversation.send(prompt("a"));
    await started;
    await expect(conversation.switchRuntime("two", "")).rejects.toMatchObject({ code: "control.busy" });
    await conversation.close();
    await conversation.close();
    const types = events.map(({ type }) => type);
    expect(types.filter((type) => type === "run_end")).toHaveLength(1);
    expect(types).not.toContain("settled");
    await expect(conversation.send(prompt("b"))).rejects.toMatchObject({ code: "session.closed" });
    expect(one.starts).toHaveLength(1);
  });
});

describe("a conversation that is opened again", () => {
  it("has its queue and its pause, and delivers on /continue (A-025)", async () => {
    const dir = await temporaryFolder();
    const first = await openConversation({ dir });
    const { open, opened } = gate();
    first.one.hold = opened;
    await first.conversation.send(prompt("a"));
    await first.conversation.send({ type: "pause" });
    await first.conversation.send({ type: "steer", text: "s" });
    await first.conversation.send({ type: "follow_up", text: "f" });
    await first.conversation.close();
    open();
    const path = first.conversation.file ?? "";
    const { conversation, one, events } = await openConversation({ path });
    expect(conversation.state().queue.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      "pause ",
      "steer s",
      "follow_up f",
    ]);
    const end = settled(conversation);
    await conversation.send({ type: "resume" });
    await end;
    expect(one.starts[0]).toMatchObject({ paused: true });
    const prompts = events.flatMap((event) => (event.type === "run_start" ? [event.prompt] : []));
    expect(prompts).toEqual(["s", "f"]);
    await conversation.close();
  });

  it("is not paused where nobody can resume it", async () => {
    const dir = await temporaryFolder();
    const first = await openConversation({ dir });
    await ask(first.conversation, "a");
    await first.conversation.send({ type: "pause" });
    await first.conversation.close();
    const path = first.conversation.file ?? "";
    const { conversation, one } = await openConversation({ path, keepsPause: false });
    await ask(conversation, "b");
    expect(one.starts[0]?.paused).toBe(false);
    await conversation.close();
  });

  it("replays the runs that are asked for and counts usage once", async () => {
    const dir = await temporaryFolder();
    const first = await openConversation({ dir });
    for (const text of ["a", "b", "c"]) await ask(first.conversation, text);
    const { usage } = first.conversation.state();
    await first.conversation.close();
    const { conversation } = await openConversation({ path: first.conversation.file ?? "" });
    const events = await conversation.replay({ lastRuns: 2 });
    expect(events.flatMap((event) => (event.type === "run_start" ? [event.prompt] : []))).toEqual(["b", "c"]);
    expect(conversation.state()).toMatchObject({ usage, runs: 3, contextTokens: 15, run: null });
    expect(usage).toMatchObject({ input: 30, cost: 1.5 });
    expect(conversation.lastAnswer()?.content[0]).toMatchObject({ text: "from one" });
    await conversation.close();
  });
});
