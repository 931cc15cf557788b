import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withStub } from "../support/stub.ts";
import { newPlace, openTestApp } from "./test-app.ts";

type Body = { messages: { content: unknown }[] };

it("results that were left out stay so over a resume: the next request is the same as without one", async () => {
  const reads = { toolCalls: [{ name: "read", arguments: { path: "big.txt" } }] };
  await using stub = await withStub([
    reads,
    { ...reads, usage: { input: 45_000, output: 10 } },
    { text: "done", usage: { input: 20_000, output: 10 } },
    "same",
  ]);
  const place = await newPlace({
    providers: {
      my: { api: "anthropic", baseUrl: stub.url, models: [{ id: "foo", contextWindow: 60_000 }] },
    },
    model: "my/foo",
  });
  await writeFile(join(place.cwd, "big.txt"), `${"word ".repeat(10)}\n`.repeat(900));
  const first = await openTestApp(place);
  await first.run("read it twice");
  expect(first.events.filter(({ type }) => type === "results_dropped")).toHaveLength(1);
  const before = JSON.stringify(first.history());
  expect(before.match(/Left out to save space/g)).toHaveLength(1);
  await first.app.close();
  const second = await openTestApp(place, { session: { kind: "continue" } });
  expect(JSON.stringify(second.history())).toBe(before);
  await second.run("go on");
  const messagesOf = (index: number) => (stub.requests[index]?.body as Body | undefined)?.messages ?? [];
  const strip = (messages: unknown) => JSON.stringify(messages).replaceAll(/,"cache_control":\{[^}]*\}/g, "");
  expect(strip(messagesOf(3).slice(0, 5))).toBe(strip(messagesOf(2)));
});

it("a 413 with an empty body is an overflow: the talk is compacted and the prompt answered (A-108)", async () => {
  await using stub = await withStub(["hi", { status: 413, text: "", fault: "empty" }, "SUMMARY", "answer"]);
  const test = await openTestApp(await newPlace({ model: "anthropic/claude-sonnet-5-5" }), { stub });
  await test.run("one");
  await test.run("two");
  expect(test.events.filter(({ type }) => type === "compaction_end")).toMatchObject([
    { summary: expect.stringContaining("SUMMARY") },
  ]);
  expect(test.events.findLast(({ type }) => type === "run_end")).toMatchObject({ outcome: "completed" });
});
