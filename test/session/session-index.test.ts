import { existsSync, readFileSync } from "node:fs";
import { appendFile, chmod, rm, utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, it } from "vitest";
import { indexFile } from "../../src/session/session-index.ts";
import { listSessions } from "../../src/session/session-list.ts";
import { openSession } from "../../src/session/store.ts";
import { storeContext, writeSession } from "../support/session-entries.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const CWD = "/repo/project";

async function manySessions(count = 25) {
  const dir = await temporaryFolder();
  const paths: string[] = [];
  for (let number = 0; number < count; number++) {
    const path = await writeSession(dir, [`prompt ${number}`], { id: `s${number}` });
    await utimes(path, 1000 + number, 1000 + number);
    paths.push(path);
  }
  const [first = ""] = paths;
  return { dir, paths, first, index: indexFile(dirname(first)) };
}

const namesOf = async (dir: string) =>
  (await listSessions(dir, { cwd: CWD })).map(({ name, firstPrompt }) => name ?? firstPrompt);

it("is made by a list of many sessions, readable by their owner alone, and gives the same list again", async () => {
  const { dir, index } = await manySessions();
  const first = await listSessions(dir, { cwd: CWD });
  expect(existsSync(index)).toBe(true);
  expect(first).toHaveLength(25);
  expect(await listSessions(dir, { cwd: CWD })).toEqual(first);
});

it("is not the truth: a session that changed is read anew", async () => {
  const { dir, first } = await manySessions();
  await listSessions(dir, { cwd: CWD });
  const { store } = await openSession(first, storeContext("n"));
  await store.append({ type: "name", name: "another name" });
  await store.close();
  expect(await namesOf(dir)).toContain("another name");
});

it("spares the reading of what did not change", async () => {
  const { dir, first } = await manySessions();
  await listSessions(dir, { cwd: CWD });
  const content = readFileSync(first, "utf8");
  // Another text of the same length and time: only who opens the file could see it.
  await writeFile(first, content.replaceAll("prompt 0", "PROMPT X"));
  await utimes(first, 1000, 1000);
  expect(await namesOf(dir)).toContain("prompt 0");
});

it.each(["", "garbage", "[]", '{"version":99,"sessions":{}}', '{"version":1,"sessions":{"x":1}}'])(
  "with the content %j is made again from the sessions",
  async (content) => {
    const { dir, index } = await manySessions();
    await writeFile(index, content);
    expect(await namesOf(dir)).toHaveLength(25);
    expect(JSON.parse(readFileSync(index, "utf8"))).toMatchObject({ version: 1 });
  },
);

it("forgets sessions that are gone, and never lists one", async () => {
  const { dir, paths, index } = await manySessions(50);
  await listSessions(dir, { cwd: CWD });
  for (const path of paths.slice(0, 30)) await rm(path);
  expect(await namesOf(dir)).toHaveLength(20);
  expect(Object.keys(JSON.parse(readFileSync(index, "utf8")).sessions)).toHaveLength(20);
});

it("holds files that are no sessions as such, and sees when one becomes one", async () => {
  const { dir, first } = await manySessions();
  const content = readFileSync(first);
  await writeFile(first, "");
  expect(await namesOf(dir)).toHaveLength(24);
  await appendFile(first, content);
  expect(await namesOf(dir)).toHaveLength(25);
});

it.skipIf(process.getuid?.() === 0)("is done without where nothing can be written", async () => {
  const { dir, first, index } = await manySessions();
  await chmod(dirname(first), 0o500);
  expect(await namesOf(dir)).toHaveLength(25);
  await chmod(dirname(first), 0o700);
  expect(existsSync(index)).toBe(false);
});
