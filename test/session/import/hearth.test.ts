import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { verifyChecksum } from "../../../src/session/checksum.ts";
import { exportJsonl } from "../../../src/session/export/jsonl.ts";
import { PLAIN } from "../../../src/session/export/redaction.ts";
import { importHearth } from "../../../src/session/import/hearth.ts";
import { readBranch } from "../../../src/session/read.ts";
import { openSession } from "../../../src/session/store.ts";
import { verifySession } from "../../../src/session/verify.ts";
import { history, importOptions } from "../../support/foreign-session.ts";
import { storeContext, writeRun, writeSession } from "../../support/session-entries.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

async function exported(): Promise<{ file: string; original: string; dir: string }> {
  const folder = await temporaryFolder();
  const dir = join(folder, "sessions");
  await mkdir(dir);
  const original = await writeSession(join(folder, "elsewhere"), ["one", "two"], {
    id: "theone",
    cwd: "/not/here",
  });
  const file = join(folder, "export.jsonl");
  await writeFile(file, [...exportJsonl(await readBranch(original, { whole: true }), PLAIN)].join(""));
  return { file, original, dir };
}

it("comes back as the same conversation, in a folder of this machine", async () => {
  const { file, original, dir } = await exported();
  expect(await verifyChecksum(file)).toBe("whole");
  const report = await importHearth(file, importOptions(dir));
  expect(report).toMatchObject({ status: "imported", messages: 4, cwd: "/repo/here" });
  expect(await history(report.path ?? "")).toEqual(await history(original));
  const branch = await readBranch(report.path ?? "", { whole: true });
  expect(branch.notices).toEqual([]);
  expect(branch.header).toMatchObject({
    cwd: "/repo/here",
    origin: { agent: "hearth", sessionId: "theone" },
  });
  expect(branch.state).toMatchObject({ runs: 2, firstPrompt: "one" });
});

it("is refused when one byte was changed, and taken when something was added behind the checksum", async () => {
  const { file, dir } = await exported();
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("answer to one", "answer to ONE"));
  expect(await verifyChecksum(file)).toBe("changed");
  expect((await verifySession(file)).problems).toContainEqual(
    expect.objectContaining({ level: "error", code: "session.checksum" }),
  );
  await expect(importHearth(file, importOptions(dir))).rejects.toMatchObject({ code: "session.checksum" });
  await writeFile(file, text.slice(text.indexOf("\n") + 1));
  await expect(importHearth(file, importOptions(dir))).rejects.toMatchObject({ code: "session.invalid" });

  await writeFile(file, text);
  const { store, branch } = await openSession(file, storeContext("f"));
  expect(branch.notices).toEqual([]);
  await writeRun(store, "three");
  await store.close();
  expect(await verifyChecksum(file)).toBe("whole");
  const report = await importHearth(file, importOptions(dir));
  expect(report.messages).toBe(5);
  expect((await history(report.path ?? "")).at(-1)).toMatchObject({ content: [{ text: "three" }] });
});

it("leaves the mode, the queue and other agents' sessions behind, and the talk whole", async () => {
  const { original, dir } = await exported();
  const { store } = await openSession(original, storeContext("g"));
  await store.append({ type: "mode", mode: "full" });
  await store.append({ type: "runtime", runtime: "codex", externalSessionId: "x" });
  await store.append({
    type: "queue",
    items: [{ id: "q", kind: "follow_up", text: "rm", state: "pending", time: 1 }],
  });
  await writeRun(store, "three");
  await store.close();
  const report = await importHearth(original, importOptions(dir));
  const branch = await readBranch(report.path ?? "", { whole: true });
  expect(branch.notices).toEqual([]);
  expect(branch.state).toMatchObject({
    mode: null,
    queue: [],
    runtime: null,
    externalSessionId: null,
    runs: 3,
  });
  expect(await history(report.path ?? "")).toEqual(await history(original));
  expect(await readFile(report.path ?? "", "utf8")).not.toMatch(/"type":"(?:mode|queue|runtime)"/);
});

it("never names a file by what the header says", async () => {
  const { file, dir } = await exported();
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n").slice(0, -1);
  const header = { ...JSON.parse(lines[0] ?? ""), id: "../../evil", time: "../../x", cwd: "../.." };
  await writeFile(file, [JSON.stringify(header), ...lines.slice(1)].join("\n"));
  const report = await importHearth(file, importOptions(dir));
  expect(report.path?.startsWith(`${dir}/here-`)).toBe(true);
  expect((await readBranch(report.path ?? "")).header.id).toMatch(/^[0-9a-z]{17}$/);
});
