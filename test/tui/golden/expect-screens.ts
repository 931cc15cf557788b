// One golden file a component and kind of terminal: its rows at all widths, below each other.
import { expect } from "vitest";
import { textWidth } from "../../../src/lib/text-width.ts";
import type { ItemView } from "../../../src/tui/transcript/item-view.ts";
import { expectGolden } from "../../support/golden.ts";
import { strayControls } from "../theme/test-view.ts";
import { styledText } from "./styled-text.ts";
import { type ClassName, classView, WIDTHS } from "./theme-classes.ts";

export type Component = {
  name: string;
  draw: (view: ItemView) => readonly string[];
  /** Windows that it looks different in beside the usual ones. */
  widths?: readonly number[];
};

export async function expectScreens({ name, draw, widths = [] }: Component, kind: ClassName): Promise<void> {
  const screens = [...WIDTHS, ...widths].map((columns) => {
    const rows = draw(classView(kind, columns));
    expect(strayControls(rows)).toEqual([]);
    expect(rows.filter((row) => textWidth(row) >= columns)).toEqual([]);
    if (kind === "ascii") expect(rows.join("")).not.toContain("\x1b");
    return `${"=".repeat(8)} ${columns} ${"=".repeat(columns - 10 - String(columns).length)}\n${styledText(rows)}`;
  });
  await expectGolden(`tui/${kind}/${name}`, screens.join("\n\n"));
}
