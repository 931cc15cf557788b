import { expect, it } from "vitest";
import { PendingRequests } from "../../../src/runtimes/external/pending-requests.ts";

it("what is not answered in time, or was answered, is kept no longer", async () => {
  const pending = new PendingRequests<number>();
  const late = pending.ask(1, () => undefined, 1);
  const answered = pending.ask(2, () => pending.resolve(2, "yes"));
  const refused = pending.ask(3, () => pending.reject(3, new Error("no")));
  expect(await Promise.allSettled([late, answered, refused])).toMatchObject([
    { reason: { code: "runtime.timeout" } },
    { value: "yes" },
    { reason: { message: "no" } },
  ]);
  pending.resolve(1, "too late");
  pending.reject(4, new Error("nobody asked"));
  expect(pending.size).toBe(0);
});

it("nothing is sent, nor waited for, once they are closed", async () => {
  const pending = new PendingRequests<number>();
  const open = pending.ask(1, () => undefined);
  pending.close(new Error("it ended"));
  pending.close(new Error("again"));
  await expect(open).rejects.toThrow("it ended");
  const after = pending.ask(2, () => expect.unreachable(), 60_000);
  await expect(after).rejects.toThrow("it ended");
  expect(pending.size).toBe(0);
});
