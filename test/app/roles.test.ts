import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type TestStub, withStub } from "../support/stub.ts";
import { newPlace, openTestApp, type Place } from "./test-app.ts";

const MODEL = { model: "anthropic/claude-sonnet-5-5" };
const REVIEWER = `---
description: Looks for mistakes
model: anthropic/claude-haiku-4-5
thinking: high
tools: [read, grep]
mode: plan
---
You review. You change nothing.`;

type Body = { model: string; system: { text: string }[]; tools: { name: string }[]; thinking?: object };

function body(stub: TestStub, index = -1): Body {
  return stub.requests.at(index)?.body as Body;
}

function systemOf(stub: TestStub, index = -1): string {
  return body(stub, index)
    .system.map(({ text }) => text)
    .join("");
}

async function placeWithRoles(roles: Record<string, string>, dir = ""): Promise<Place> {
  const place = await newPlace(MODEL);
  const folder = dir === "" ? join(place.home, "roles") : join(place.cwd, dir);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(roles)) await writeFile(join(folder, `${name}.md`), text);
  return place;
}

describe("--role", () => {
  it("brings its text, model, thinking, tools and mode", async () => {
    await using stub = await withStub(["ok"]);
    const place = await placeWithRoles({ reviewer: REVIEWER });
    const test = await openTestApp(place, { stub, role: "reviewer" });
    await test.run("go");
    expect(body(stub).model).toBe("claude-haiku-4-5");
    expect(body(stub).thinking).toMatchObject({ type: "enabled" });
    expect(body(stub).tools.map(({ name }) => name)).toEqual(["read", "grep"]);
    expect(systemOf(stub)).toContain("Your role: reviewer\n\nYou review. You change nothing.");
    expect(test.app.conversation.state()).toMatchObject({ role: "reviewer", mode: "plan" });
  });

  it("is weaker than --model, whose thinking it still gives (A-116)", async () => {
    await using stub = await withStub(["ok"]);
    const place = await placeWithRoles({ reviewer: REVIEWER });
    const flags = { model: "anthropic/claude-sonnet-5-5" };
    const { app } = await openTestApp(place, { stub, role: "reviewer", flags });
    expect(app.conversation.state()).toMatchObject({
      model: "anthropic/claude-sonnet-5-5",
      thinking: "high",
    });
  });

  it("is weaker than --thinking, and than a level behind --model", async () => {
    const place = await placeWithRoles({ reviewer: REVIEWER });
    const low = await openTestApp(place, { role: "reviewer", flags: { thinking: "low" } });
    expect(low.app.conversation.state().thinking).toBe("low");
    const flags = { model: "anthropic/claude-sonnet-5-5:medium" };
    const medium = await openTestApp(place, { role: "reviewer", flags });
    expect(medium.app.conversation.state().thinking).toBe("medium");
  });

  it("that is not known is refused with those that are (A-116)", async () => {
    const place = await placeWithRoles({ reviewer: REVIEWER, tester: "Test." });
    await expect(openTestApp(place, { role: "reviewr" })).rejects.toMatchObject({
      code: "role.unknown",
      hint: "Did you mean reviewer? Known: reviewer, tester.",
    });
  });

  it.each(["thinking: ultra", "mode: yolo"])("with %s is refused, and says why", async (line) => {
    const place = await placeWithRoles({ broken: `---\n${line}\n---\nx` });
    await expect(openTestApp(place, { role: "broken" })).rejects.toThrow(/is one of/);
  });

  it("may name tools as others write them; those that there are not are told", async () => {
    await using stub = await withStub(["ok"]);
    const place = await placeWithRoles({ claude: "---\ntools: Read, Grep, WebSurf\n---\nx" });
    const test = await openTestApp(place, { stub, role: "claude" });
    await test.run("go");
    expect(body(stub).tools.map(({ name }) => name)).toEqual(["read", "grep"]);
    expect(test.notices()).toEqual(["The role claude names tools that there are not: WebSurf."]);
  });

  it("a tool that it takes away is not there, whoever allows it", async () => {
    await using stub = await withStub([
      { toolCalls: [{ name: "bash", arguments: { command: "echo x" } }] },
      "ok",
    ]);
    const place = await placeWithRoles({ reader: "---\ntools: [read]\n---\nx" });
    const test = await openTestApp(place, { stub, role: "reader", flags: { permissionMode: "full" } });
    await test.run("go");
    expect(JSON.stringify(test.history())).toMatch(/"isError":true/);
    expect(test.events.some((event) => event.type === "approval_request")).toBe(false);
    expect(JSON.stringify(test.history())).not.toContain('"exitCode":0');
  });

  it("never makes anything looser", async () => {
    const place = await placeWithRoles({ wild: "---\nmode: full\n---\nx" });
    const { app } = await openTestApp(place, { role: "wild" });
    expect(app.conversation.state().mode).toBe("ask");
  });

  it("of a project counts only where the directory is trusted, and then before the user's own", async () => {
    const place = await placeWithRoles({ reviewer: "theirs" }, ".hearth/roles");
    await expect(openTestApp(place, { role: "reviewer" })).rejects.toMatchObject({ code: "role.unknown" });
    const { app } = await openTestApp(place);
    expect(app.trust.pending).toBe(true);
    await app.trust.answer(true);
    await mkdir(join(place.home, "roles"));
    await writeFile(join(place.home, "roles/reviewer.md"), "mine");
    const trusted = await openTestApp(place, { role: "reviewer" });
    const parts = await trusted.app.system.parts();
    expect(parts.at(-1)).toEqual({ name: "role reviewer", text: "Your role: reviewer\n\ntheirs" });
  });
});

describe("/role", () => {
  it("takes a role on, restores what was before when it is left", async () => {
    const place = await placeWithRoles({ reviewer: REVIEWER });
    await using stub = await withStub(["one", "two", "three"]);
    const test = await openTestApp(place, { stub });
    await test.run("one");
    const before = test.app.conversation.state();
    expect((await test.enter("/role reviewer")).text).toContain("Role: reviewer. Looks for mistakes");
    await test.run("two");
    expect(body(stub).model).toBe("claude-haiku-4-5");
    expect(systemOf(stub).startsWith(systemOf(stub, 0))).toBe(true);
    expect((await test.enter("/role none")).text).toBe("Left the role reviewer.");
    await test.run("three");
    const { model, thinking, mode, role } = test.app.conversation.state();
    expect({ model, thinking, mode, role }).toEqual({
      model: before.model,
      thinking: before.thinking,
      mode: before.mode,
      role: "",
    });
    expect(systemOf(stub)).toBe(systemOf(stub, 0));
    expect(body(stub).tools).toEqual(body(stub, 0).tools);
  });

  it("keeps what the person chose meanwhile when it is left", async () => {
    const place = await placeWithRoles({ reviewer: REVIEWER });
    await using stub = await withStub([]);
    const test = await openTestApp(place, { stub });
    await test.enter("/role reviewer");
    await test.enter("/permissions accept-edits");
    await test.enter("/role none");
    expect(test.app.conversation.state().mode).toBe("accept-edits");
  });

  it("survives a resume, and one that has gone is told, not fatal", async () => {
    const place = await placeWithRoles({ tester: "You test." });
    await using stub = await withStub(["one", "two", "three"]);
    const first = await openTestApp(place, { stub });
    await first.enter("/role tester");
    await first.run("one");
    await first.app.close();
    const second = await openTestApp(place, { stub, session: { kind: "continue" } });
    expect(second.app.conversation.state().role).toBe("tester");
    await second.run("two");
    expect(systemOf(stub)).toBe(systemOf(stub, 0));
    await second.app.close();
    await rm(join(place.home, "roles/tester.md"));
    const third = await openTestApp(place, { stub, session: { kind: "continue" } });
    await third.run("three");
    expect(systemOf(stub)).not.toContain("You test.");
    expect(third.notices()).toEqual([expect.stringMatching(/no role "tester".*goes on without it/)]);
  });

  it("lists, completes, and refuses what is not there without changing anything", async () => {
    const place = await placeWithRoles({ reviewer: REVIEWER, broken: "---\nmode: yolo\n---\nx" });
    const test = await openTestApp(place);
    const { text, ui } = await test.enter("/role");
    expect(text).toMatch(
      /^- reviewer: Looks for mistakes\nThe role .*broken\.md is left out: mode is one of/,
    );
    expect(ui).toEqual({ kind: "picker", picker: "role" });
    await expect(test.enter("/role nobody")).rejects.toMatchObject({ code: "role.unknown" });
    expect(test.app.conversation.state().role).toBe("");
  });
});

describe("/system", () => {
  it("adds a text that the next request has, which persists over a resume (A-115)", async () => {
    await using stub = await withStub(["un", "deux", "trois", "quatre"]);
    const place = await newPlace(MODEL);
    const first = await openTestApp(place, { stub });
    await first.run("one");
    await first.enter("/system You answer in French");
    await first.run("two");
    expect(systemOf(stub)).toBe(`${systemOf(stub, 0)}\n\nYou answer in French`);
    await first.app.close();
    const second = await openTestApp(place, { stub, session: { kind: "continue" } });
    await second.run("three");
    expect(systemOf(stub)).toBe(systemOf(stub, 1));
    await second.enter("/system clear");
    await second.run("four");
    expect(systemOf(stub)).toBe(systemOf(stub, 0));
  });

  it("belongs to its session: a new one begins without it", async () => {
    const test = await openTestApp(await newPlace(MODEL));
    await test.enter("/system You answer in French");
    await test.enter("/new");
    expect((await test.app.system.parts()).map(({ name }) => name)).toEqual(["instructions", "environment"]);
  });

  it("does not change within a run: its requests extend each other byte for byte", async () => {
    await using stub = await withStub([
      { toolCalls: [{ name: "ls", arguments: {} }], delayMs: 20 },
      "done",
      "new",
    ]);
    const test = await openTestApp(await newPlace(MODEL), { stub });
    const settled = test.next("settled");
    await test.enter("work");
    await stub.waitForRequests(1);
    expect((await test.enter("/system Be brief")).text).toContain("from the next run on");
    await settled;
    expect(systemOf(stub, 1)).toBe(systemOf(stub, 0));
    await test.run("more");
    expect(systemOf(stub, 2)).toContain("Be brief");
  });

  it("shows all of it, or one part; an unknown part is refused with the names", async () => {
    const place = await newPlace({ ...MODEL, appendSystemPrompt: "Be brief. ```x```" });
    const test = await openTestApp(place);
    const { text, ui } = await test.enter("/system");
    expect(ui).toEqual({ kind: "picker", picker: "system" });
    expect(text).toMatch(/^\*\*instructions\*\*\n\n```text\nYou are Hearth.*\*\*environment\*\*/s);
    expect((await test.enter("/system show appended")).text).toBe(
      "**appended**\n\n````text\nBe brief. ```x```\n````",
    );
    await expect(test.enter("/system show nothing")).rejects.toMatchObject({
      code: "system.part",
      hint: "Its parts: instructions, environment, appended.",
    });
  });
});
