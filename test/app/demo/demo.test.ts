import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDemoProject } from "../../../src/app/demo/create-demo-project.ts";
import { BROKEN_FILE, DEMO_PROMPT, demoProject } from "../../../src/app/demo/demo-project.ts";
import { demoScript } from "../../../src/app/demo/demo-script.ts";
import type { ToolCallContent } from "../../../src/protocol/content.ts";
import type { AssistantMessage, Message, ToolResultMessage } from "../../../src/protocol/message.ts";
import type { ToolSchema } from "../../../src/protocol/stream.ts";
import { createFauxStream, fauxModel } from "../../../src/providers/faux.ts";

const run = promisify(execFile);

type Outcome = { text: string; isError: boolean };
type Execute = (call: ToolCallContent) => Promise<Outcome | undefined>;

/** A minimal loop with minimal tools that really act in the demo project. */
class Session {
  readonly messages: Message[] = [];
  readonly calls: ToolCallContent[] = [];
  readonly batches: string[][] = [];
  tools = ["read", "grep", "edit", "bash", "todo"];
  /** Answers a call in place of the real tool, where it gives something. */
  override: Execute = async () => undefined;
  /** What the person says once a result of that tool is in. */
  steer: { after: string; text: string } | null = null;
  readonly #dir: string;
  readonly #stream = createFauxStream((request) => ({ ...demoScript(request), delayMs: 0, chunkDelayMs: 0 }));

  constructor(dir: string) {
    this.#dir = dir;
  }

  async prompt(text: string): Promise<string> {
    this.messages.push({ role: "user", content: [{ type: "text", text }], source: "prompt" });
    for (let step = 0; step < 12; step++) {
      const answer = await this.#answer();
      this.messages.push(answer);
      const calls = answer.content.filter((part) => part.type === "tool_call");
      if (calls.length === 0) return textOf(answer);
      this.calls.push(...calls);
      this.batches.push(calls.map(({ name }) => name));
      for (const call of calls) this.messages.push(await this.#result(call));
      const { steer } = this;
      if (steer && calls.some(({ name }) => name === steer.after)) {
        this.messages.push({ role: "user", content: [{ type: "text", text: steer.text }], source: "steer" });
        this.steer = null;
      }
    }
    throw new Error("the demo does not come to an end");
  }

  async #answer(): Promise<AssistantMessage> {
    const tools = this.tools.map(toolSchema);
    const request = {
      model: fauxModel,
      system: "",
      messages: this.messages,
      tools,
      thinking: "off" as const,
    };
    for await (const event of this.#stream(request, { signal: new AbortController().signal })) {
      if (event.type === "end") return event.message;
    }
    throw new Error("the stream did not end");
  }

  async #result(call: ToolCallContent): Promise<ToolResultMessage> {
    const { text, isError } = (await this.override(call)) ?? (await this.#execute(call));
    const content = [{ type: "text" as const, text }];
    return { role: "tool_result", toolCallId: call.id, toolName: call.name, content, isError };
  }

  async #execute({ name, arguments: args }: ToolCallContent): Promise<Outcome> {
    switch (name) {
      case "read":
        return good(await readFile(join(this.#dir, String(args.path)), "utf8"));
      case "grep":
        return this.#command(`grep -rnE '${args.pattern}' ${args.path}`);
      case "bash":
        return this.#command(String(args.command));
      case "edit": {
        const path = join(this.#dir, String(args.path));
        const [edit] = args.edits as { old_text: string; new_text: string }[];
        const text = await readFile(path, "utf8");
        if (!edit || text.split(edit.old_text).length !== 2)
          return { text: "old_text is not there once", isError: true };
        await writeFile(
          path,
          text.replace(edit.old_text, () => edit.new_text),
        );
        return good("edited");
      }
      default:
        return good("ok");
    }
  }

  async #command(command: string): Promise<Outcome> {
    try {
      return good((await run("sh", ["-c", command], { cwd: this.#dir })).stdout);
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      return { text: stdout + stderr, isError: true };
    }
  }
}

function good(text: string): Outcome {
  return { text, isError: false };
}

function toolSchema(name: string): ToolSchema {
  return { name, description: "", parameters: { type: "object" } };
}

function textOf(message: AssistantMessage): string {
  return message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}

const denied = {
  text: "Not run: the user refused it. Ask what they want instead, or go on without it.",
  isError: true,
};

describe("the demo", () => {
  let dir: string;
  let session: Session;
  beforeEach(async () => {
    ({ dir } = await createDemoProject());
    session = new Session(dir);
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const testsFail = async () => {
    const failed = await run(process.execPath, ["--test"], { cwd: dir }).catch(
      (error) => error as { stdout: string },
    );
    return Number(/^\W*fail (\d+)/m.exec(failed.stdout)?.[1]);
  };

  it("writes a project under git whose one failing test the scripted model mends with real tools", async () => {
    const log = await run("git", ["log", "--format=%an %s"], { cwd: dir });
    expect(log.stdout).toBe("Hearth demo Cash book: read lines, add up by item\n");
    expect((await run("git", ["ls-files"], { cwd: dir })).stdout.trim().split("\n").sort()).toEqual(
      Object.keys(demoProject()).sort(),
    );
    expect(await testsFail()).toBe(1);
    const answer = await session.prompt(DEMO_PROMPT);
    expect(await testsFail()).toBe(0);
    expect(session.batches).toEqual([["grep", "read"], ["todo", "edit"], ["bash"], ["todo"]]);
    expect(answer).toMatch(/- all 4 tests pass/);
    expect(answer).toMatch(/```js\n/);
  });

  it("finds nothing left to mend the second time, and shows the diff and the tests when asked", async () => {
    await session.prompt(DEMO_PROMPT);
    expect(await session.prompt("fix the bug again")).toContain("nothing left to mend");
    expect(await session.prompt("show me the diff")).toContain("+    .split(/\\r?\\n/)");
    expect(await session.prompt("run the tests")).toBe("4 tests pass, 0 fail.");
    expect(session.calls.filter(({ name }) => name === "edit")).toHaveLength(1);
  });

  it.each(["edit", "bash"])(
    "says so and finishes when %s is denied, and tries again when told to",
    async (tool) => {
      session.override = async ({ name }) => (name === tool ? denied : undefined);
      const answer = await session.prompt(DEMO_PROMPT);
      expect(answer).toContain(`\`${tool}\` was not allowed`);
      expect(answer).toContain(tool === "edit" ? "Nothing was changed" : "is in place");
      session.override = async () => undefined;
      expect(await session.prompt("go on")).toContain("4 tests pass");
    },
  );

  it("names the flags when nobody can be asked", async () => {
    const text =
      "Not run: it needs approval (mode ask) and nobody can be asked. The user could allow it with --allow edit. Go on.";
    session.override = async ({ name }) => (name === "edit" ? { text, isError: true } : undefined);
    expect(await session.prompt(DEMO_PROMPT)).toContain("It would run with --allow edit.");
  });

  it("answers a steer and goes on, or stops when told to", async () => {
    session.steer = { after: "read", text: "use a regular expression" };
    await session.prompt(DEMO_PROMPT);
    const second = session.messages.filter((message) => message.role === "assistant")[1];
    expect(second && textOf(second)).toContain('You said: "use a regular expression"');
    expect(await testsFail()).toBe(0);
    session.steer = { after: "bash", text: "stop" };
    expect(await session.prompt("fix it once more")).toBe(
      "Stopped, as you asked. Done so far: grep, read, bash.",
    );
  });

  it("repeats a call that a steer skipped, and reads again after an edit that failed", async () => {
    const outcomes = [
      { text: "skipped: the user redirected", isError: true },
      { text: "the file changed since it was read", isError: true },
    ];
    session.override = async ({ name }) => (name === "edit" ? outcomes.shift() : undefined);
    expect(await session.prompt(DEMO_PROMPT)).toContain("4 tests pass");
    expect(session.calls.filter(({ name }) => name === "edit")).toHaveLength(3);
    expect(session.calls.filter(({ name }) => name === "read")).toHaveLength(2);
  });

  it("gives up in words when the edit fails again", async () => {
    session.override = async ({ name }) =>
      name === "edit" ? { text: "disk full", isError: true } : undefined;
    expect(await session.prompt(DEMO_PROMPT)).toBe("The edit failed: disk full");
  });

  it("tells what it found when the tests still fail", async () => {
    session.override = async ({ name }) =>
      name === "bash" ? { text: "# pass 3\n# fail 1\n", isError: true } : undefined;
    expect(await session.prompt(DEMO_PROMPT)).toBe("The edit is in, but: 3 tests pass, 1 fail.");
  });

  it("gives a plan where it may not edit, and leaves out tools that are not offered", async () => {
    session.tools = ["read", "grep"];
    expect(await session.prompt(DEMO_PROMPT)).toContain("My plan:");
    session.tools = ["read", "grep", "edit"];
    expect(await session.prompt("fix it")).toContain("yours to run");
    expect(session.batches.flat()).not.toContain("todo");
  });

  it.each([
    ["hello", "I am the **demo model**"],
    ["who are you?", "I am the **demo model**"],
  ])("introduces itself to %s", async (text, answer) => {
    expect(await session.prompt(text)).toContain(answer);
  });

  it("says that it is the demo model, and how to add a key, when it does not understand", async () => {
    await session.prompt(DEMO_PROMPT);
    const answer = await session.prompt("write me a poem");
    expect(answer).toContain("demo model");
    expect(answer).toContain("ANTHROPIC_API_KEY");
  });

  it("summarises when the talk is compacted", async () => {
    expect(await session.prompt("The conversation above is about to be replaced by a summary")).toContain(
      BROKEN_FILE,
    );
  });

  it("is paced so that a person can steer", () => {
    const messages: Message[] = [{ role: "user", content: [{ type: "text", text: DEMO_PROMPT }] }];
    const tools = [toolSchema("read")];
    const reply = demoScript({ model: fauxModel, system: "", messages, tools, thinking: "off" });
    expect(reply).toMatchObject({ chunkSize: 40, chunkDelayMs: 30 });
  });
});
