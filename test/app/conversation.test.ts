import { describe, expect, it, vi } from "vitest";
import { createControlLoop } from "../../src/agent/control-loop.ts";
import { createConversation, type LiveConversation } from "../../src/app/conversation.ts";
import { AppError } from "../../src/lib/app-error.ts";
import type { AgentEvent } from "../../src/protocol/event.ts";
import { fauxModel } from "../../src/providers/faux.ts";
import type { Runtime, RuntimeCapabilities, RuntimeStart } from "../../src/runtimes/runtime.ts";
import { readBranch } from "../../src/session/read.ts";
import { createSession, openSession } from "../../src/session/store.ts";
import { answer, storeContext } from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const CAPABILITIES: RuntimeCapabilities = {
  streaming: true,
  thinking: false,
  tools: false,
  approvals: false,
  steer: "native",
  pause: true,
  interrupt: true,
  resume: false,
  images: false,
  modelChoice: true,
  cost: false,
};

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

/** A small whole runtime: answers each prompt with its own name; `hold` keeps a run open until it resolves. */
class EchoRuntime implements Runtime {
  readonly kind = "agent";
  readonly capabilities = CAPABILITIES;
  readonly starts: RuntimeStart[] = [];
  readonly name: string;
  hold: Promise<void> = Promise.resolve();
  failure: Error | null = null;
  /** Its start lasts until it is given up. */
  stuck = false;

  constructor(name: string) {
    this.name = name;
  }

  check = () => Promise.resolve({ available: true as const });

  start = async (start: RuntimeStart) => {
    if (this.failure) throw this.failure;
    this.starts.push(start);
    if (this.stuck) {
      await aborted(start.signal);
      throw new AppError("runtime.start", "It was given up.");
    }
    const ids = storeContext(`${this.name}${this.starts.length}-`);
    const loop = createControlLoop({
      runtime: this.name,
      emit: start.emit,
      now: ids.clock,
      newId: ids.newId,
      queue: start.queue,
      paused: start.paused,
      applySetting: (message) =>
        message.type === "set_mode"
          ? start.emit({ type: "mode_changed", mode: message.mode })
          : start.emit({ type: "notice", level: "info", message: message.type }),
      run: async ({ control, emit }) => {
        await Promise.race([this.hold, aborted(control.signal)]);
        const message = { ...answer(`from ${this.name}`), runtime: this.name };
        await emit({ type: "message_end", messageId: ids.newId(), message });
        return { outcome: control.signal.aborted ? "interrupted" : "completed" };
      },
    });
    return { capabilities: CAPABILITIES, send: loop.send, close: () => loop.close() };
  };
}

type Setting = { dir?: string; path?: string; keepsPause?: boolean; strict?: boolean };

async function openConversation({ dir, path, keepsPause = true, strict = false }: Setting = {}) {
  const context = storeContext(path === undefined ? "e" : "f");
  const opened = path
    ? await openSession(path, context)
    : { store: createSession({ ...context, dir: dir ?? null, cwd: "/w" }), branch: null };
  const one = new EchoRuntime("one");
  const two = new EchoRuntime("two");
  const native = new EchoRuntime("native");
  const shell = { lines: [] as string[], release: Promise.resolve() };
  const conversation = createConversation({
    ...opened,
    cwd: "/w",
    settings: { model: "faux/demo", thinking: "off", mode: "ask", runtime: "one" },
    keepsPause,
    strict: () => strict,
    runtime: (name) => [one, two, native].find((runtime) => runtime.name === name) ?? native,
    findModel: () => Promise.resolve({ model: fauxModel }),
    gate: { check: () => Promise.reject(new Error("no calls here")) },
    runShell: async (command, signal) => {
      shell.lines.push(command);
      await Promise.race([shell.release, aborted(signal)]);
      return { output: "out\n", exitCode: signal.aborted ? null : 0 };
    },
    now: context.clock,
    newId: context.newId,
  });
  const events: AgentEvent[] = [];
  conversation.subscribe(({ event }) => events.push(event));
  return { conversation, one, two, native, events, shell };
}

const prompt = (text: string) => ({ type: "prompt", text }) as const;

function settled(conversation: LiveConversation): Promise<void> {
  return new Promise((resolve) => {
    const leave = conversation.subscribe(({ event }) => {
      if (event.type !== "settled") return;
      leave();
      resolve();
    });
  });
}

async function ask(conversation: LiveConversation, text: string): Promise<void> {
  const end = settled(conversation);
  await conversation.send(prompt(text));
  await end;
}

function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

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
    await ask(conversation, "a");
    await conversation.switchRuntime("two", "takes over");
    expect(events.at(-1)).toEqual({ type: "runtime_changed", runtime: "two", detail: "takes over" });
    await ask(conversation, "b");
    await conversation.switchRuntime("one", "takes over");
    await ask(conversation, "c");
    expect(told(two.starts[0])).toEqual(["a", "from one"]);
    expect(told(one.starts[1])).toEqual(["a", "from one", "b", "from two"]);
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

  it("starts no runtime for a setting or an exit", async () => {
    const { conversation, one, events } = await openConversation();
    await conversation.send({ type: "set_mode", mode: "plan" });
    await conversation.send({ type: "set_thinking", thinking: "high" });
    await conversation.send({ type: "set_model", model: "any" });
    expect(conversation.state()).toMatchObject({ mode: "plan", thinking: "high", model: "faux/demo" });
    await conversation.send({ type: "exit" });
    expect(events.at(-1)).toEqual({ type: "settled", exit: true });
    expect(one.starts).toEqual([]);
    await ask(conversation, "a");
    expect(one.starts[0]).toMatchObject({ mode: "plan", thinking: "high" });
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
    expect(native.starts).toHaveLength(1);
    expect(events).toContainEqual({
      type: "notice",
      level: "warning",
      code: "runtime.fallback",
      message: "two could not start, so native takes over: two is not there.",
      hint: "Install it.",
    });
  });

  it("gives up a start under way at an interrupt: native does not answer instead, the next prompt starts anew", async () => {
    const { conversation, one, native } = await openConversation();
    one.stuck = true;
    const sent = expect(conversation.send(prompt("a"))).rejects.toThrow("It was given up.");
    await vi.waitFor(() => expect(one.starts).toHaveLength(1));
    await conversation.send({ type: "interrupt" });
    await sent;
    one.stuck = false;
    await ask(conversation, "b");
    await conversation.send({ type: "interrupt" });
    expect(conversation.lastAnswer()?.runtime).toBe("one");
    expect(native.starts).toHaveLength(0);
    expect(one.starts.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  });

  it("lets a strict runtime that cannot start be an error", async () => {
    const { conversation, two } = await openConversation({ strict: true });
    await conversation.switchRuntime("two", "");
    two.failure = new AppError("runtime.start", "two is not there.");
    await expect(conversation.send(prompt("a"))).rejects.toThrow("two is not there.");
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
