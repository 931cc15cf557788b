import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sessionContext } from "../../../src/session/context.ts";
import { exportJsonl } from "../../../src/session/export/jsonl.ts";
import { readBranch } from "../../../src/session/read.ts";
import { openSession } from "../../../src/session/store.ts";
import { storeContext, user, writeRun, writeSession } from "../../support/session-entries.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

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
