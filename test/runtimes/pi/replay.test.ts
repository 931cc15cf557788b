import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PiTurn } from "../../../src/runtimes/pi/translate.ts";
import { transcriptLines } from "../../support/acp-transcript.ts";
import { ofType } from "../../support/events.ts";
import { piTranscriptScript } from "../../support/pi-transcript.ts";
import { faults, talk } from "../../support/runtime-session.ts";
import { prepare } from "./harness.ts";

const ROOT = "../shared/external-agents/transcripts/pi";
const NAMES = existsSync(ROOT) ? readdirSync(ROOT).map((name) => name.replace(/\.io\.log$/, "")) : [];
const read = (name: string) => readFileSync(`${ROOT}/${name}.io.log`, "utf8");

it(`replays recordings of pi${NAMES.length > 0 ? "" : ": absent here, not run"}`, () => {
  expect(NAMES.filter((name) => name.startsWith("rpc-")).length === 0).toBe(NAMES.length === 0);
});

describe.runIf(NAMES.length > 0)("recordings of pi, as a real process", () => {
  const rpc = NAMES.filter((name) => name.startsWith("rpc-"));

  const play = async (name: string) => {
    const script = piTranscriptScript(read(name));
    const prepared = await prepare(script);
    const session = await prepared.start({ mode: "full" });
    const prompts = script.turns.length;
    return { ...prepared, session, prompts };
  };

  it.each(rpc)("%s makes whole talks, whatever is done in them", async (name) => {
    const { session, prompts, pi } = await play(name);
    for (let at = 0; at < prompts; at++) {
      const before = ofType(session.events, "settled").length;
      session.send({ type: "prompt", text: `prompt ${at}` });
      await session.until(() => ofType(session.events, "run_start").length > at);
      const asked = read(name);
      if (asked.includes('> {"id":"r14","type":"steer"'))
        session.send({ type: "steer", text: "also mention bananas" });
      if (asked.includes('"type":"abort"')) {
        await session.until(
          () =>
            ofType(session.events, name === "rpc-abort-perm" ? "message_end" : "message_update").length > at,
        );
        session.send({ type: "interrupt" });
      }
      await session.until(() => ofType(session.events, "settled").length > before);
    }
    await session.close();
    expect(faults(session.messages())).toEqual([]);
    expect(ofType(session.events, "run_end")).toHaveLength(prompts);
    expect(pi.told("start")).toHaveLength(1);
  });

  it("the gate that was recorded has our answers", async () => {
    const { session, pi } = await play("rpc-permission");
    await session.ask("go");
    await session.close();
    expect(pi.told("extension_ui_response").map(({ value }) => value)).toEqual(["Allow once", "Allow once"]);
    expect(talk(session.messages()).slice(1)).toEqual([
      'assistant: I will use bash. | bash({"command":"touch pi-ok.txt"})',
      "tool_result: (no output)",
      'assistant: I will use bash. | bash({"command":"touch pi-no.txt"})',
      expect.stringMatching(/^tool_result!: /),
      "assistant: done",
    ]);
    expect(session.messages().at(-1)).toMatchObject({
      usage: { input: 400, cacheRead: 800, cost: 0.000548 },
    });
  });

  it("the steer that was recorded stands after the call that ran", async () => {
    const { session } = await play("rpc-steer");
    const done = session.ask("go");
    await session.nth("tool_start");
    session.send({ type: "steer", text: "also mention bananas" });
    await done;
    await session.close();
    const lines = talk(session.messages());
    expect(lines.indexOf("user: also mention bananas")).toBe(3);
    expect(lines[2]).toBe("tool_result: slept\n");
    expect(lines.at(-1)).toContain("follow-up answer");
  });

  it("errors that were recorded are failed runs in the service's words", async () => {
    const { session, prompts } = await play("rpc-errors");
    for (let at = 0; at < prompts; at++) await session.ask(`${at}`);
    await session.close();
    const ends = ofType(session.events, "run_end");
    expect(ends.map(({ outcome }) => outcome)).toEqual(Array(prompts).fill("failed"));
    expect(ends[0]?.error).toMatchObject({ code: "runtime.auth" });
    expect(ends[1]?.error?.message).toContain("stub: rate limit exceeded");
  });
});

describe.runIf(NAMES.length > 0)("recordings of pi's one-shot mode, whose events are the same", () => {
  it.each(NAMES.filter((name) => name.startsWith("json-")))("%s is told without a gap", (name) => {
    const turn = new PiTurn("/WORKSPACE");
    const lines = transcriptLines(read(name)).filter(({ sent }) => !sent);
    const updates = lines.flatMap(({ message }) => turn.take(message));
    const said = updates.flatMap((update) => (update.type === "text" ? [update.text] : [])).join("");
    const whole = lines
      .flatMap(({ message }) =>
        message.type === "message_end" && message.message.role === "assistant" ? message.message.content : [],
      )
      .flatMap((part: { type: string; text?: string }) => (part.type === "text" ? [part.text] : []))
      .join("");
    // One that was killed said more than its messages hold.
    expect(said.startsWith(whole)).toBe(true);
    const ended = lines.filter(({ message }) => message.type === "tool_execution_end").length;
    const closed = updates.filter((update) => update.type === "call" && update.call.status === "completed");
    expect(closed.length).toBe(ended);
  });
});
