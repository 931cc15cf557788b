import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCommand } from "../../src/app/commands/table.ts";
import { withStub } from "../support/stub.ts";
import { newPlace, openTestApp, type Place, requestTexts } from "./test-app.ts";

const MODEL = { model: "anthropic/claude-sonnet-5-5" };

async function placeWithPrompts(prompts: Record<string, string>, dir?: string): Promise<Place> {
  const place = await newPlace(MODEL);
  const folder = dir === undefined ? join(place.home, "prompts") : join(place.cwd, dir);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(prompts)) await writeFile(join(folder, `${name}.md`), text);
  return place;
}

describe("a prompt template", () => {
  it("is sent by its name with the arguments put in; nothing in it is run", async () => {
    await using stub = await withStub(["ok", "ok"]);
    const place = await placeWithPrompts({
      fix: "!rm -rf $1 $(touch x) `touch y`\n/exit",
      look: "See @a.txt",
    });
    await writeFile(join(place.cwd, "a.txt"), "content of a");
    const test = await openTestApp(place, { stub });
    await test.run("/fix 'a b'");
    expect(requestTexts(stub)[0]?.text).toBe("!rm -rf a b $(touch x) `touch y`\n/exit");
    await test.run("/look");
    expect(requestTexts(stub).at(-1)?.text).toContain("content of a");
  });

  it("works where a prompt is handed over without the command line, as in one-shot mode", async () => {
    await using stub = await withStub(["ok"]);
    const test = await openTestApp(await placeWithPrompts({ fix: "Fix $1" }), { stub, interactive: false });
    const settled = test.next("settled");
    await test.app.prompt("/fix it");
    await settled;
    expect(requestTexts(stub)[0]?.text).toBe("Fix it");
  });

  it("never stands for a command of ours; that is said once", async () => {
    const test = await openTestApp(await placeWithPrompts({ model: "mine", quit: "mine", good: "yes" }));
    expect((await test.app.templates.list()).map(({ name }) => name)).toEqual(["good"]);
    await test.app.templates.list();
    expect(test.notices()).toEqual([
      expect.stringMatching(/model\.md is left out: \/model is a command of Hearth's own/),
      expect.stringMatching(/quit\.md is left out: \/quit is a command of Hearth's own/),
    ]);
    expect((await test.enter("/model")).ui).toEqual({ kind: "picker", picker: "model" });
  });

  it("of a project is offered only where the directory is trusted", async () => {
    const place = await placeWithPrompts({ deploy: "Deploy $1" }, ".hearth/prompts");
    const test = await openTestApp(place);
    expect(await test.app.templates.list()).toEqual([]);
    await expect(test.enter("/deploy now")).rejects.toMatchObject({ code: "command.unknown" });
    await test.app.trust.answer(true);
    const trusted = await openTestApp(place);
    expect((await trusted.app.templates.list()).map(({ name, source }) => `${name} ${source}`)).toEqual([
      "deploy project",
    ]);
  });

  it("is listed by /help with its hint", async () => {
    const test = await openTestApp(
      await placeWithPrompts({
        review: "---\ndescription: Look at it\nargument-hint: [file]\n---\nReview $1",
      }),
    );
    expect((await test.enter("/help")).text).toContain(
      "Prompts of your own:\n\n- `/review [file]` - Look at it",
    );
  });

  it("steers while a run is active, as any prompt does", async () => {
    await using stub = await withStub([{ toolCalls: [{ name: "ls", arguments: {} }], delayMs: 20 }, "done"]);
    const test = await openTestApp(await placeWithPrompts({ note: "Mind $1" }), { stub });
    const settled = test.next("settled");
    await test.enter("work");
    await stub.waitForRequests(1);
    await test.enter("/note tests");
    await settled;
    expect(requestTexts(stub).at(-1)?.text).toContain("Mind tests");
  });
});

describe("!!think", () => {
  it("raises the thinking of that prompt alone, and is not in the message (A-129)", async () => {
    await using stub = await withStub(["one", "two"]);
    const test = await openTestApp(await newPlace({ model: "anthropic/claude-haiku-4-5" }), { stub });
    await test.run("!!think why");
    await test.run("and now");
    const bodies = stub.requests.map(({ body }) => body as { thinking?: object });
    expect(bodies[0]?.thinking).toMatchObject({ type: "enabled" });
    expect(bodies[1]).not.toHaveProperty("thinking");
    expect(requestTexts(stub, 0)[0]?.text).toBe("why");
    expect(test.app.conversation.state().thinking).toBe("off");
  });

  it("says so where the model cannot think more, and sends the prompt all the same", async () => {
    await using stub = await withStub(["one"]);
    const test = await openTestApp(
      await newPlace({
        providers: { my: { api: "anthropic", baseUrl: stub.url, models: [{ id: "foo", thinking: [] }] } },
        model: "my/foo",
      }),
    );
    await test.run("!!think why");
    expect(requestTexts(stub)[0]?.text).toBe("why");
    expect(test.notices()).toEqual(["foo cannot think more than it does: the prompt is sent as usual."]);
  });

  it("alone is no prompt, and ! before anything else still is a shell line", async () => {
    const test = await openTestApp(await newPlace(MODEL));
    await test.enter("!echo !!think");
    expect(JSON.stringify(test.history())).toContain("!!think");
  });
});

describe("a context window that fills up", () => {
  it("is told once, and again only after it was emptied (A-112)", async () => {
    const full = { usage: { input: 150_000, output: 2_000 } };
    await using stub = await withStub([
      { text: "a", ...full },
      { text: "b", ...full },
      { text: "SUMMARY" },
      { text: "c", ...full },
    ]);
    const place = await newPlace({
      providers: {
        my: { api: "anthropic", baseUrl: stub.url, models: [{ id: "foo", contextWindow: 200_000 }] },
      },
      model: "my/foo",
    });
    const test = await openTestApp(place);
    await test.run("one");
    await test.run("two");
    const told =
      "The context window is 76 % full: 152k of 200k tokens. /context shows what fills it, /compact makes room.";
    expect(test.notices()).toEqual([told]);
    const compacted = test.next("settled");
    await test.enter("/compact");
    await compacted;
    expect(findCommand("/context").command.whileBusy).toBe("now");
    await test.run("three");
    expect(test.notices()).toEqual([told, told]);
  });
});
