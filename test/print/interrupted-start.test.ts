// An interrupt while the external agent starts: a scripted agent that never answers its first request.
import { PassThrough } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { runOneShot } from "../../src/print/one-shot.ts";
import { serveStreamInput } from "../../src/print/stream-input.ts";
import type { Failure } from "../../src/protocol/failure.ts";
import { newPlace, openTestApp } from "../app/test-app.ts";
import { acpAgent } from "../support/acp-agent.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const LIMIT = { code: "limit.time", message: "The time is over." };

async function openWithSlowAgent() {
  const agent = acpAgent(await temporaryFolder(), { turns: [], start: "hang" });
  const { command, args } = agent;
  const place = await newPlace({ runtimes: { slow: { command, args } } });
  const { app } = await openTestApp(place, { runtime: "slow", interactive: false });
  const starting = () => vi.waitFor(() => expect(app.conversation.state().starting).toBe("slow"));
  return { app, agent, starting };
}

async function oneShot(limit: Failure | null) {
  const { app, starting } = await openWithSlowAgent();
  const stop = new AbortController();
  let stdout = "";
  const ran = runOneShot({
    app,
    prompt: "hi",
    images: [],
    format: "json",
    stdout: (text) => {
      stdout += text;
    },
    stderr: () => undefined,
    summary: false,
    signal: stop.signal,
    limit: () => limit,
  });
  await starting();
  stop.abort();
  return { outcome: await ran, json: JSON.parse(stdout) };
}

describe("one-shot mode, interrupted while the agent starts,", () => {
  it("ends as interrupted with its object, which does not name our model for the agent's", async () => {
    const { outcome, json } = await oneShot(null);
    expect(outcome).toBe("interrupted");
    expect(json).toMatchObject({ outcome: "interrupted", error: null, runtime: "slow", model: null });
  });

  it("ends at its limit when that interrupted it", async () => {
    const { outcome, json } = await oneShot(LIMIT);
    expect(outcome).toBe("limit");
    expect(json).toMatchObject({ outcome: "limit", error: LIMIT });
  });
});

describe("an interrupt line of stream-json", () => {
  const lines = (...messages: object[]) => messages.map((message) => `${JSON.stringify(message)}\n`).join("");

  it.each(["with the prompt", "while the agent starts"])(
    "that comes %s ends the start, and what comes next is done",
    async (when) => {
      const { app, agent, starting } = await openWithSlowAgent();
      const input = new PassThrough();
      const { signal } = new AbortController();
      const ended = serveStreamInput({ app, input, stdout: () => undefined, signal });
      const interrupt = lines({ type: "interrupt" });
      const prompt = lines({ type: "prompt", text: "hi" });
      if (when === "with the prompt") input.write(prompt + interrupt);
      else {
        input.write(prompt);
        await starting();
        input.write(interrupt);
      }
      input.end(lines({ type: "set_mode", mode: "plan" }));
      expect(await ended).toBe("interrupted");
      expect(app.conversation.state()).toMatchObject({ mode: "plan", starting: "" });
      expect(agent.told("session/prompt")).toEqual([]);
    },
  );
});
