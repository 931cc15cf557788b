import { statSync } from "node:fs";
import { expect, it } from "vitest";
import { sessionContext } from "../../src/session/context.ts";
import { listSessions } from "../../src/session/session-list.ts";
import { openSession } from "../../src/session/store.ts";
import { storeContext } from "../support/session-entries.ts";
import { writeSessionFixture } from "../support/session-fixture.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

it("a session of 10,000 entries with compactions is opened and listed by its end alone", async () => {
  const dir = await temporaryFolder();
  const { path, entries } = await writeSessionFixture({ dir, cwd: "/w", entries: 10_000 });
  expect(entries).toBeGreaterThanOrEqual(10_000);
  expect(statSync(path).size).toBeGreaterThan(15_000_000);

  const start = performance.now();
  const { store, branch } = await openSession(path, storeContext("f"));
  const { history, runs, firstPrompt } = sessionContext(branch);
  const opened = performance.now() - start;
  await store.close();
  expect(branch.complete).toBe(false);
  expect(branch.entries.length).toBeLessThan(1000);
  expect(history[0]?.message.role).toBe("system");
  expect(runs).toBeGreaterThan(400);
  expect(firstPrompt).toContain("number 0");
  expect(opened).toBeLessThan(400);

  expect(await listSessions(dir)).toMatchObject([{ runs, firstPrompt }]);
});
