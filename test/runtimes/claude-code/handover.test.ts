import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Message } from "../../../src/protocol/message.ts";
import { NO_USAGE } from "../../../src/protocol/usage-sum.ts";
import { ofType } from "../../support/events.ts";
import { talk } from "../../support/runtime-session.ts";
import { prepare, say } from "./harness.ts";

const user = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] });
const answer = (text: string, runtime?: string): Message => ({
  role: "assistant",
  content: [{ type: "text", text }],
  stopReason: "stop",
  usage: NO_USAGE,
  model: "m",
  ...(runtime === undefined ? {} : { runtime }),
});
const CALL: Message = {
  role: "assistant",
  content: [{ type: "tool_call", id: "t", name: "read", arguments: { path: "a.ts" } }],
  stopReason: "tool_use",
  usage: NO_USAGE,
  model: "m",
};
const RESULT: Message = {
  role: "tool_result",
  toolCallId: "t",
  toolName: "read",
  content: [{ type: "text", text: "MANGO" }],
  isError: false,
};
const entries = (...messages: Message[]) => messages.map((message, at) => ({ id: `h${at}`, message }));
const HISTORY = entries(user("Look into a.ts"), CALL, RESULT, answer("Seen."));

function sessionFiles(home: string): string[] {
  const projects = join(home, ".claude", "projects");
  return readdirSync(projects).flatMap((folder) =>
    readdirSync(join(projects, folder)).map((name) => join(projects, folder, name)),
  );
}

describe("handing a talk to Claude Code", () => {
  it("writes it as a session of its own, ours to recognise, and tells it nothing of it again", async () => {
    const { start, agent, home } = await prepare({ turns: [] });
    await using session = await start({ history: HISTORY });
    await session.ask("now test");
    expect(agent.prompts()).toEqual([["now test"]]);
    const { flags, session: id } = agent.told("start")[0]?.line ?? {};
    expect(flags).toContain("--resume");
    expect(id).toMatch(/^68656172-7468-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    const [file = ""] = sessionFiles(home);
    expect(file.endsWith(`${id}.jsonl`)).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const lines = readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual(["user", "assistant", "user", "assistant", "custom-title"]);
    expect(lines[1].message.content[0]).toMatchObject({
      type: "tool_use",
      name: "Read",
      input: { file_path: "a.ts" },
    });
    expect(lines.at(-1).customTitle).toBe("Hearth: Look into a.ts");
    expect(ofType(session.events, "runtime_changed")[0]).toMatchObject({ externalSessionId: id });
  });

  it("goes on with its own earlier session, told only what it missed", async () => {
    const { start, agent } = await prepare({ turns: [], knows: ["earlier"] });
    const history = entries(user("one"), answer("Alpha.", "scripted"), user("I ran `make`"));
    await using session = await start({ history, externalSessionId: "earlier" });
    await session.ask("two");
    expect(agent.told("start")).toHaveLength(1);
    expect(agent.prompts()[0]?.[0]).toContain("Person:\nI ran `make`");
    expect(agent.prompts()[0]?.[0]).not.toContain("Alpha.");
    expect(ofType(session.events, "runtime_changed")).toEqual([]);
  });

  it("writes the talk anew where it no longer has its session", async () => {
    const { start, agent, home } = await prepare({ turns: [] });
    await using session = await start({ history: HISTORY, externalSessionId: "gone" });
    await session.ask("two");
    expect(agent.told("start").map(({ line }) => line.session)).toEqual([
      "gone",
      expect.stringMatching(/^6865/),
    ]);
    expect(agent.prompts()).toEqual([["two"]]);
    expect(sessionFiles(home)).toHaveLength(1);
    expect(ofType(session.events, "runtime_changed")).toHaveLength(1);
  });

  it("tells the talk in words where its folder cannot be written", async () => {
    const { start, agent } = await prepare({ turns: [] }, { env: { CLAUDE_CONFIG_DIR: "/dev/null/claude" } });
    await using session = await start({ history: HISTORY });
    await session.ask("two");
    expect(agent.told("start")[0]?.line.flags).toContain("--session-id");
    expect(agent.prompts()[0]?.[0]).toContain("Look into a.ts");
  });

  it("a program that ended in its turn goes on with what it knows at the next prompt", async () => {
    const { start, agent } = await prepare({
      turns: [[say("Half"), { do: "complain", text: "out of luck" }, { do: "crash", code: 3 }]],
    });
    await using session = await start();
    await session.ask("go");
    expect(ofType(session.events, "run_end")[0]).toMatchObject({
      outcome: "failed",
      error: { code: "runtime.crashed", hint: expect.stringContaining("out of luck") },
    });
    agent.rescript({ turns: [[say("Back.")]] });
    await session.ask("again");
    expect(talk(session.messages())).toEqual([
      "user: go",
      "assistant: Half",
      "user: again",
      "assistant: Back.",
    ]);
    expect(agent.prompts().at(-1)).toEqual(["again"]);
  });
});
