import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sessionContext } from "../../../src/session/context.ts";
import { exportJsonl } from "../../../src/session/export/jsonl.ts";
import { readBranch } from "../../../src/session/read.ts";
import { createSession, openSession } from "../../../src/session/store.ts";
import { answer, storeContext, texts, user, writeRun, writeSession } from "../../support/session-entries.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

it("leaves no piece of an answer in which a secret is cut in two", async () => {
  const dir = await temporaryFolder();
  const store = createSession({ dir, cwd: "/repo", ...storeContext() });
  const key = `ghp_${"a1B2".repeat(9)}`;
  const piece = (messageId: string, text: string) =>
    store.append({ type: "partial", messageId, deltas: [{ type: "text", index: 0, text }] });
  await piece("m1", `it is ${key.slice(0, 9)}`);
  await piece("m1", key.slice(9));
  await store.append({ type: "message", id: "m1", message: answer(`it is ${key}`) });
  await piece("m2", `again ${key.slice(0, 9)}`);
  await piece("m2", `${key.slice(9)} and`);
  await store.close();
  const branch = await readBranch(store.path ?? "", { whole: true });
  const copy = join(dir, "copy.jsonl");
  const text = [...exportJsonl(branch)].join("");
  await writeFile(copy, text);
  expect(text).not.toContain(key.slice(9));
  const again = await readBranch(copy);
  expect(again.notices).toEqual([]);
  expect(texts(sessionContext(again).history)).toEqual([
    "it is [redacted: GitHub token]",
    "again [redacted: GitHub token] and",
  ]);
});

it("opens again as an equal conversation, secrets redacted, images and signatures untouched (A-101)", async () => {
  const dir = await temporaryFolder();
  const path = await writeSession(dir, ["one", "two"]);
  const { store } = await openSession(path, storeContext("f"));
  const key = `ghp_${"a1B2".repeat(9)}`;
  const data = `AKIA${"A".repeat(16)} `;
  await writeRun(store, "three", user(`token ${key}`), {
    role: "user",
    content: [{ type: "image", mimeType: "image/png", data }],
  });
  await store.close();
  const branch = await readBranch(path, { whole: true });

  const copy = join(dir, "copy.jsonl");
  await writeFile(copy, [...exportJsonl(branch)].join(""));
  const again = await readBranch(copy);
  expect(again.notices).toEqual([]);
  const plain = JSON.stringify(sessionContext(branch).history);
  expect(JSON.stringify(sessionContext(again).history)).toBe(plain.replace(key, "[redacted: GitHub token]"));
  expect(again.header).toEqual(branch.header);
});
