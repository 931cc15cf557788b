// The search over saved sessions on the screen, in the built program.
import { expect, test } from "vitest";
import { newPlace, runHearth } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { KEY } from "../support/terminal.ts";
import { pointedAt } from "./scripted.ts";
import { openTui } from "./tui-driver.ts";

test("/search finds a session by what was said in it and opens it; each letter asks anew", async () => {
  const place = await newPlace();
  await using stub = await withStub(["the heron waits in the reeds", "a fox"]);
  for (const prompt of ["tell me of birds", "and of others"]) {
    await runHearth(pointedAt(place, stub), ["-p", prompt]);
  }
  const tui = await openTui([], { place });
  tui.enter("/search");
  await tui.waitFor(/search sessions[\s\S]*and of others[\s\S]*tell me of birds/);
  tui.type("reeds heron");
  await tui.waitFor(/reeds heron +1 of 1[\s\S]*tell me of birds +.*answer: the heron waits/);
  tui.type("x");
  await tui.waitFor("nothing matches");
  tui.type(KEY.backspace);
  await tui.waitFor(/1 of 1/);
  tui.type(KEY.enter);
  await tui.waitFor(/resumed[\s\S]*tell me of birds[\s\S]*the heron waits in the reeds/);
  expect(tui.input()).toBe("");
});

test("the list of sessions hands what was typed over to the search with Ctrl+S", async () => {
  const place = await newPlace();
  await using stub = await withStub(["the heron waits"]);
  await runHearth(pointedAt(place, stub), ["-p", "tell me of birds"]);
  const tui = await openTui([], { place });
  tui.enter("/resume");
  await tui.waitFor(/resume a session[\s\S]*tell me of birds/);
  tui.type("heron");
  await tui.waitFor("nothing matches");
  tui.type(KEY.ctrl("s"));
  await tui.waitFor(/search sessions {2}› heron +1 of 1[\s\S]*answer: the heron waits/);
});
