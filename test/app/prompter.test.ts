import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withStub } from "../support/stub.ts";
import { newPlace, openTestApp, requestTexts } from "./test-app.ts";

const IMAGE = { type: "image", mimeType: "image/png", data: "aGk=" } as const;
const declared = (url: string, model: object) => ({
  providers: { my: { api: "anthropic" as const, baseUrl: url, models: [{ id: "foo", ...model }] } },
  model: "my/foo",
});

describe("a prompt", () => {
  it("brings the files it mentions with it", async () => {
    await using stub = await withStub(["ok"]);
    const place = await newPlace();
    await writeFile(join(place.cwd, "notes.txt"), "remember the milk\n");
    const test = await openTestApp(place, { stub });
    await test.run("what is in @notes.txt, and who is @nobody?");
    expect(requestTexts(stub)[0]?.text).toBe(
      "what is in @notes.txt, and who is @nobody?\n\nContent of notes.txt:\n```\nremember the milk\n```",
    );
  });

  it("brings texts that are given with it, in which no mention is looked for", async () => {
    await using stub = await withStub(["ok"]);
    const place = await newPlace();
    await writeFile(join(place.cwd, "notes.txt"), "remember the milk\n");
    const test = await openTestApp(place, { stub });
    const settled = test.next("settled");
    await test.app.prompt("what is this?", { attached: [{ name: "buffer", text: "see @notes.txt" }] });
    await settled;
    expect(requestTexts(stub)[0]?.text).toBe("what is this?\n\nContent of buffer:\n```\nsee @notes.txt\n```");
  });

  it("with an image is refused before sending where the model cannot see (A-132)", async () => {
    await using stub = await withStub([]);
    const test = await openTestApp(await newPlace(declared(stub.url, { input: ["text"] })));
    await expect(test.app.prompt("look", { images: [IMAGE] })).rejects.toMatchObject({
      code: "model.images",
    });
    expect(stub.requests).toHaveLength(0);
    expect(test.events).toEqual([]);
  });

  it("with an image goes out with it where the model can", async () => {
    await using stub = await withStub(["ok"]);
    const test = await openTestApp(await newPlace(), { stub });
    const settled = test.next("settled");
    await test.app.prompt("look", { images: [IMAGE] });
    await settled;
    expect(JSON.stringify(stub.requests[0]?.body)).toContain('"data":"aGk="');
  });

  it("says once a model that the thinking asked for is not sent (A-128)", async () => {
    await using stub = await withStub({ replies: ["ok"], loop: true });
    const place = await newPlace(declared(stub.url, { thinking: [] }));
    const test = await openTestApp(place, { flags: { thinking: "high" } });
    await test.run("one");
    await test.run("two");
    expect(test.notices()).toEqual(["foo cannot think: the thinking level high is not sent."]);
    expect(stub.requests[0]?.body).not.toHaveProperty("thinking");
  });

  it("has the thinking of --thinking in its request (A-128)", async () => {
    await using stub = await withStub(["ok"]);
    const place = await newPlace({ model: "anthropic/claude-haiku-4-5" });
    const test = await openTestApp(place, { stub, flags: { thinking: "high" } });
    await test.run("one");
    expect(stub.requests[0]?.body).toMatchObject({ thinking: { type: "enabled" } });
    expect(test.notices()).toEqual([]);
  });
});
