import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { calibrationFile } from "../../src/config/calibration.ts";
import type { Usage } from "../../src/protocol/usage.ts";
import { createCalibration } from "../../src/runtimes/native/calibration.ts";
import { answerOf, MODEL, type Reply, scriptedModel } from "../agent/harness.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** About 1,000 tokens by our estimate. */
const TEXT = "word ".repeat(800);
const request = {
  model: MODEL,
  system: "",
  tools: [],
  thinking: "off" as const,
  messages: [{ role: "user" as const, content: [{ type: "text" as const, text: TEXT }] }],
};

async function open(folder?: string) {
  const dir = folder ?? (await temporaryFolder());
  const file = join(dir, "token-calibration.json");
  const calibration = createCalibration(calibrationFile(file));
  await calibration.load();
  const answer = async (usage: Partial<Usage>, rest: Reply = {}) => {
    const { stream } = scriptedModel([{ text: "ok", usage, ...rest }]);
    for await (const event of calibration.watch(stream)(request, { signal: new AbortController().signal }))
      if (event.type === "end") expect(event.message.content).toEqual(answerOf({ text: "ok" }).content);
  };
  return { dir, file, calibration, answer, factor: () => calibration.scaleOf(MODEL).factor };
}

describe("the calibration of a model", () => {
  it("is what its service counts for each token that we estimate, caches included", async () => {
    const { answer, factor, calibration } = await open();
    expect(factor()).toBe(1);
    await answer({ input: 300, cacheRead: 600, cacheWrite: 305 });
    expect(factor()).toBeCloseTo(1.2, 2);
    expect(calibration.answers(MODEL)).toBe(1);
    expect(calibration.scaleOf({ ...MODEL, id: "other" }).factor).toBe(1);
  });

  it("is a mean in which older answers fade", async () => {
    const { answer, factor } = await open();
    await answer({ input: 1004 });
    await answer({ input: 2008 });
    expect(factor()).toBeCloseTo(1.5, 2);
    for (let n = 0; n < 60; n++) await answer({ input: 2008 });
    expect(factor()).toBeGreaterThan(1.97);
  });

  it.each<[string, Partial<Usage>, Reply]>([
    ["an answer that counts nothing", {}, {}],
    ["an answer that failed", { input: 2000 }, { error: { code: "x", message: "x" } }],
    ["a prompt that was cut, or a count that is none", { input: 3 }, {}],
    ["a count that no tokenizer gives", { input: 90_000 }, {}],
  ])("learns nothing from %s", async (_, usage, rest) => {
    const { answer, factor } = await open();
    await answer(usage, rest);
    expect(factor()).toBe(1);
  });

  it("is kept over a restart", async () => {
    const first = await open();
    await first.answer({ input: 1506 });
    await first.calibration.close();
    const second = await open(first.dir);
    expect(second.factor()).toBeCloseTo(1.5, 2);
    expect(second.calibration.answers(MODEL)).toBe(1);
  });

  it.each([
    "{ damaged",
    "[]",
    '{"test/scripted": {"factor": -3, "answers": 1}}',
    '{"test/scripted": 7}',
    "\0\0",
  ])("begins anew where the file holds %j", async (content) => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, "token-calibration.json"), content);
    const { answer, factor, calibration, file } = await open(dir);
    expect(factor()).toBe(1);
    await answer({ input: 1506 });
    await calibration.close();
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
      "test/scripted": { factor: factor(), answers: 1 },
    });
  });
});
