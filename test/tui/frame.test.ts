import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { composeFrame } from "../../src/tui/frame.ts";

const rows = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index}`);

const panel = (body: string[]) => ({ above: [], body, foot: [] });

describe("composeFrame", () => {
  it("puts the answer, the panel, the input, the hint and the status below each other with air between", () => {
    const parts = {
      tail: ["answer"],
      panel: panel(["question"]),
      composer: { rows: ["> text"], cursor: { x: 3, y: 0 } },
      hint: ["hint"],
      status: "status",
    };
    expect(composeFrame(parts, 24)).toEqual({
      rows: ["answer", "", "question", "", "> text", "", "hint", "status"],
      cursor: { x: 3, y: 4 },
    });
    expect(composeFrame(parts, 10).rows).toEqual(["answer", "", "question", "> text", "hint", "status"]);
  });

  it("cuts the answer from its top, then the panel from its end, and the input last", () => {
    const parts = { tail: rows("t", 50), panel: panel(rows("p", 4)), hint: [], status: "status" };
    const composer = { rows: rows("i", 3), cursor: { x: 0, y: 2 } };
    expect(composeFrame({ ...parts, composer }, 12).rows).toEqual([
      "t49",
      "",
      ...rows("p", 4),
      ...rows("i", 3),
      "status",
    ]);
    expect(composeFrame({ ...parts, composer }, 8).rows).toEqual(["p0", "p1", ...rows("i", 3), "status"]);
    expect(composeFrame({ ...parts, composer }, 4)).toEqual({ rows: ["i1", "i2"], cursor: { x: 0, y: 1 } });
  });

  it("keeps the foot of the panel, then its body from the top, before what stands above it", () => {
    const parts = { tail: [], composer: { rows: ["i"], cursor: null }, hint: [], status: "s" };
    const asked = { above: ["q0", "q1"], body: rows("b", 3), foot: ["", "f0", "f1"] };
    const fitted = (height: number) => composeFrame({ ...parts, panel: asked }, height).rows;
    expect(fitted(12)).toEqual(["q0", "q1", ...rows("b", 3), "", "f0", "f1", "i", "s"]);
    expect(fitted(10)).toEqual(["q0", ...rows("b", 3), "f0", "f1", "i", "s"]);
    expect(fitted(8)).toEqual([...rows("b", 2), "f0", "f1", "i", "s"]);
    expect(fitted(5)).toEqual(["f1", "i", "s"]);
  });

  it("is at least two rows lower than any window, with the cursor on its row of the input", () => {
    const count = fc.nat({ max: 40 });
    fc.assert(
      fc.property(
        count,
        count,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 3, max: 60 }),
        (t, p, i, height) => {
          const composer = { rows: rows("i", i), cursor: { x: 1, y: i - 1 } };
          const frame = composeFrame(
            {
              tail: rows("t", t),
              panel: { above: rows("q", p), body: rows("p", p), foot: rows("f", p) },
              composer,
              hint: [],
              status: "s",
            },
            height,
          );
          expect(frame.rows.length).toBeLessThanOrEqual(height - 2);
          expect(frame.rows[frame.cursor?.y ?? -1]).toBe(`i${i - 1}`);
        },
      ),
    );
  });
});
