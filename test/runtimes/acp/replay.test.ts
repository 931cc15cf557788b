import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { transcriptScript } from "../../support/acp-transcript.ts";
import { ofType } from "../../support/events.ts";
import { faults } from "../../support/runtime-session.ts";
import { prepare } from "./harness.ts";

const ROOT = "../shared/external-agents/transcripts";
const AGENTS = ["opencode", "gemini", "claude-acp", "qwen", "codex-acp2", "pi-acp"];

it(`replays recorded agents through a real process${existsSync(ROOT) ? "" : ": absent here, not run"}`, () => {
  expect(AGENTS).toHaveLength(6);
});

describe.runIf(existsSync(ROOT))(`${AGENTS.length} recorded agents, as real processes`, () => {
  const replay = async (agent: string, talk: string) => {
    const script = transcriptScript(readFileSync(`${ROOT}/${agent}/${talk}.io.log`, "utf8"));
    const prepared = await prepare(script);
    return { ...prepared, prompts: script.turns.length };
  };

  it.each(AGENTS)("%s works through its permissions, edits and answers", async (agent) => {
    const { start, prompts, agent: told } = await replay(agent, "acp-permission");
    await using session = await start({ mode: "full" });
    for (let at = 0; at < prompts; at++) await session.ask(`prompt ${at}`);
    expect(ofType(session.events, "run_end").map((event) => event.outcome)).toEqual(
      Array(prompts).fill("completed"),
    );
    expect(faults(session.messages())).toEqual([]);
    const answers = told.told("permission").map(({ params }) => params.outcome.outcome);
    expect(answers.every((answer) => answer === "selected")).toBe(true);
    expect(ofType(session.events, "notice")).toEqual([]);
  });

  it.each([
    ["gemini", "stub: invalid api key"],
    ["opencode", "stub: invalid api key"],
    ["claude-acp", "Authentication required"],
    ["codex-acp2", "Authentication required"],
  ])("%s that is not let in makes a failed run with its words", async (agent, words) => {
    const { start } = await replay(agent, "acp-errors");
    await using session = await start();
    await session.ask("go");
    const end = ofType(session.events, "run_end")[0];
    expect(end).toMatchObject({
      outcome: "failed",
      error: { code: "runtime.auth" },
    });
    expect(end?.error?.message).toContain(words);
  });

  it("codex, which ends a failed turn like a good one, makes a failed run all the same", async () => {
    const { start } = await replay("codex-acp2", "acp-errors");
    await using session = await start();
    for (const prompt of ["401", "400"]) await session.ask(prompt);
    const end = ofType(session.events, "run_end")[1];
    expect(end).toMatchObject({ outcome: "failed", error: { code: "runtime.failed" } });
    expect(end?.error?.message).toContain("stub bad request");
  });

  it.each(
    AGENTS.flatMap((agent) =>
      ["acp-steer", "acp-cancel-tool", "acp-cancel-perm"].map((talk) => [agent, talk] as const),
    ),
  )("%s makes whole talks of %s", async (agent, talk) => {
    const { start, prompts, agent: told } = await replay(agent, talk);
    await using session = await start({ mode: "full" });
    for (let at = 0; at < prompts; at++) await session.ask(`prompt ${at}`);
    expect(faults(session.messages())).toEqual([]);
    expect(ofType(session.events, "run_end")).toHaveLength(prompts);
    const calls = ofType(session.events, "tool_start").map(({ toolCallId }) => toolCallId);
    const ends = ofType(session.events, "tool_end").map(({ toolCallId }) => toolCallId);
    expect(ends.toSorted()).toEqual(calls.toSorted());
    expect(told.told("start")).toHaveLength(1);
  });
});
