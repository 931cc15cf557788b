// What the model is told, by the built program: roles, templates, instruction files, a talk that is too long.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newPlace, type Place, runHearth } from "../support/hearth.ts";
import { type TestStub, withStub } from "../support/stub.ts";

const MODEL = ["--model", "anthropic/claude-sonnet-5-5"];

async function write(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text);
}

const own = ({ home }: Place, kind: string) => join(home, "hearth", kind);

function systemOf({ requests }: TestStub): string {
  const body = requests.at(-1)?.body as { system: { text: string }[] } | undefined;
  return (body?.system ?? []).map(({ text }) => text).join("");
}

test("A-116: --role gives its text and tools; one that is not known is exit 2 with the list", async () => {
  await using stub = await withStub({ replies: ["fine"], loop: true });
  const place = await newPlace(stub);
  await write(
    own(place, "roles"),
    "reviewer.md",
    "---\nmodel: openai/gpt-5.6-terra\ntools: [read]\n---\nYou review.",
  );
  const { exitCode, stdout } = await runHearth(place, ["-p", "go", "--role", "reviewer", ...MODEL]);
  expect([exitCode, stdout]).toEqual([0, "fine\n"]);
  expect(systemOf(stub)).toContain("You review.");
  expect(stub.requests[0]?.body).toMatchObject({ tools: [{ name: "read" }] });
  const unknown = await runHearth(place, ["-p", "go", "--role", "reviwer", ...MODEL]);
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toBe(
    'hearth: There is no role "reviwer".\nhint: Did you mean reviewer? Known: reviewer.\n',
  );
  expect(stub.requests).toHaveLength(1);
});

test("a prompt template works in a pipe, and what cannot be used is said once on stderr", async () => {
  await using stub = await withStub({ replies: ["fine"], loop: true });
  const place = await newPlace(stub);
  await write(own(place, "prompts"), "fix.md", "Fix $1 and say so.");
  await write(own(place, "prompts"), "model.md", "mine");
  const { stderr } = await runHearth(place, ["-p", "/fix a.ts", ...MODEL]);
  expect(JSON.stringify(stub.requests[0]?.body)).toContain("Fix a.ts and say so.");
  expect(stderr.match(/model\.md is left out/g)).toHaveLength(1);
});

test("A-114: root, then sub; a linked or equal CLAUDE.md once; home before both; what is left out is said once", async () => {
  await using stub = await withStub({ replies: ["fine"], loop: true });
  const place = await newPlace(stub);
  await write(place.cwd, "AGENTS.md", "root rules");
  await write(place.cwd, "CLAUDE.md", "root rules\n");
  await write(join(place.cwd, "sub"), "AGENTS.md", "sub rules");
  await write(join(place.cwd, "sub"), "CLAUDE.md", "more, see @../../outside.md");
  await write(join(place.cwd, ".."), "outside.md", "outside");
  const { stderr } = await runHearth(place, ["-p", "go", "-C", join(place.cwd, "sub"), ...MODEL]);
  const system = systemOf(stub);
  expect(system.split("root rules")).toHaveLength(2);
  expect(system.indexOf("root rules")).toBeLessThan(system.indexOf("sub rules"));
  expect(system).not.toContain("\noutside\n");
  expect(stderr.match(/which was left out: it is outside the project/g)).toHaveLength(1);
});

test("the instruction files of a directory that is not trusted are not read, and stderr says so once", async () => {
  await using stub = await withStub({ replies: ["fine"], loop: true });
  const place = await newPlace(stub);
  await write(place.cwd, "AGENTS.md", "root rules");
  await write(join(place.home, "hearth"), "trust.json", JSON.stringify({ [place.cwd]: "untrusted" }));
  const { stderr } = await runHearth(place, ["-p", "go", ...MODEL]);
  expect(systemOf(stub)).not.toContain("root rules");
  expect(stderr.match(/AGENTS\.md is not read/g)).toHaveLength(1);
});

test("in one-shot mode a talk that is too long and cannot be summarised goes on with a plain summary", async () => {
  await using stub = await withStub([
    "first",
    { text: "", fault: "overflow" },
    { status: 400, text: "no summary today" },
    "second",
  ]);
  const place = await newPlace(stub);
  await runHearth(place, ["-p", "one", ...MODEL]);
  const { stdout, stderr, exitCode } = await runHearth(place, ["-p", "two", "-c", ...MODEL]);
  expect([exitCode, stdout]).toEqual([0, "second\n"]);
  expect(stderr).toContain("A plain summary was made without it.");
  expect(JSON.stringify(stub.requests.at(-1)?.body)).toContain("- The user: one");
});
