// The queue against a plain model of it, for random changes.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ControlQueue } from "../../src/agent/control-queue.ts";
import type { QueueEdit, QueueItem, QueueKind } from "../../src/protocol/control.ts";

type Change = { add: QueueKind } | { take: QueueKind } | { edit: QueueEdit } | { cancel: QueueKind };

const kind = fc.constantFrom<QueueKind>("steer", "follow_up", "pause", "exit");
const id = fc.nat(80).map(String);
const edit: fc.Arbitrary<QueueEdit> = fc.oneof(
  fc.record({ action: fc.constant("edit" as const), id, text: fc.string() }),
  fc.record({
    action: fc.constant("kind" as const),
    id,
    kind: fc.constantFrom("steer" as const, "follow_up" as const),
  }),
  fc.record({ action: fc.constant("move" as const), id, position: fc.integer({ min: -3, max: 90 }) }),
  fc.record({ action: fc.constant("remove" as const), id }),
  fc.constant({ action: "clear" as const }),
);
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ add: fc.constantFrom<QueueKind>("steer", "follow_up", "follow_up", "pause") }),
  },
  { weight: 1, arbitrary: fc.record({ take: kind }) },
  { weight: 2, arbitrary: fc.record({ edit }) },
  { weight: 1, arbitrary: fc.record({ cancel: kind }) },
);

/** Applies one change; a refusal (AppError) must leave no trace. */
function apply(queue: ControlQueue, next: Change, nextId: string): void {
  if ("add" in next) queue.add(next.add, { id: nextId, text: nextId });
  if ("edit" in next) queue.edit(next.edit);
  if ("cancel" in next) queue.cancel((item) => item.kind === next.cancel);
  if ("take" in next) {
    const item = queue.take(next.take);
    if (item) queue.delivered(item);
  }
}

function checkChanges(changes: Change[]): void {
  const snapshots: QueueItem[][] = [];
  const queue = new ControlQueue({ items: [], now: () => 0, onChange: (items) => snapshots.push(items) });
  const open = new Set<string>();
  const ended = new Set<string>();
  for (const [index, next] of changes.entries()) {
    const before = snapshots.length;
    try {
      apply(queue, next, String(index));
      if ("add" in next) open.add(String(index));
    } catch {
      expect(snapshots.length).toBe(before);
    }
    expect(snapshots.length - before).toBeLessThanOrEqual(1);
    for (const item of snapshots.length > before ? (snapshots.at(-1) ?? []) : []) {
      if (item.state === "pending") continue;
      expect(open.delete(item.id)).toBe(true);
      ended.add(item.id);
    }
    const pending = (snapshots.at(-1) ?? []).filter((item) => item.state === "pending");
    expect(new Set(pending.map((item) => item.id))).toEqual(open);
    expect(queue.texts()).toEqual(
      pending.filter((item) => item.kind === "steer" || item.kind === "follow_up"),
    );
    expect(queue.texts().length).toBeLessThanOrEqual(64);
  }
  expect(open.size + ended.size).toBe(new Set([...open, ...ended]).size);
}

describe("the queue", () => {
  it("never loses or doubles an item, and each snapshot is whole, for 1,000 series of changes", () => {
    const changes = fc.array(change, { minLength: 1, maxLength: 150, size: "max" });
    fc.assert(fc.property(changes, checkChanges), { numRuns: 500, seed: 22 });
    fc.assert(fc.property(changes, checkChanges), { numRuns: 500 });
  });

  it("restores only what is pending", () => {
    const item = { id: "a", kind: "steer", text: "a", time: 0 } as const;
    const items: QueueItem[] = [
      { ...item, state: "delivered" },
      { ...item, id: "b", state: "pending" },
      { ...item, id: "c", state: "cancelled" },
    ];
    const queue = new ControlQueue({ items, now: () => 0, onChange: () => undefined });
    expect(queue.texts().map(({ id }) => id)).toEqual(["b"]);
  });
});
