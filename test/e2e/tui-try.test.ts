// Try mode on the screen: the list of changes with its keys, questions before what cannot be undone, leaving and coming back.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newPlace, type Place, runHearth } from "../support/hearth.ts";
import { KEY } from "../support/terminal.ts";
import { talk } from "./scripted.ts";
import { openTui, startTui } from "./tui-driver.ts";

const WORK = "sed -i 's/^2$/two/; s/^40$/forty/' src/n.txt; echo four >> a.txt; echo hi > new.txt";
const SCRIPT = [{ toolCalls: [{ name: "bash", arguments: { command: WORK } }] }, "I changed three files."];
const ARGS = ["--try", "--permission-mode", "full"];

async function project(): Promise<Place> {
  const place = await newPlace();
  await mkdir(join(place.cwd, "src"));
  await writeFile(join(place.cwd, "a.txt"), "one\n");
  const lines = Array.from({ length: 60 }, (_, index) => `${index + 1}\n`);
  await writeFile(join(place.cwd, "src/n.txt"), lines.join(""));
  return place;
}

const text = (place: Place, path: string) => readFile(join(place.cwd, path), "utf8");

async function worked(place: Place) {
  const tui = await openTui(SCRIPT, { place, args: ARGS });
  await tui.waitFor(/Try, in an? .*your files stay as they are/);
  await tui.waitFor(/· try · full/);
  tui.enter("go");
  await tui.waitFor("I changed three files.");
  await tui.waitForStatus("idle");
  return tui;
}

test("/changes lists files and hunks with what differs; Enter applies one, Ctrl+D discards one, Tab applies the rest", async () => {
  const place = await project();
  const tui = await worked(place);
  tui.enter("/changes");
  await tui.waitFor(
    /M a\.txt +\+1[\s\S]*A new\.txt[\s\S]*M src\/n\.txt +\+2 -2[\s\S]*-40 {2}\+forty[\s\S]*\+four/,
  );
  tui.type("forty");
  await tui.waitFor(/1 of 5/);
  tui.type(KEY.enter);
  await tui.waitFor(/M src\/n\.txt +\+1 -1/);
  expect(await text(place, "src/n.txt")).toContain("\n2\n");
  expect(await text(place, "src/n.txt")).toContain("\nforty\n");
  tui.type(KEY.ctrl("d"));
  await tui.waitFor("y discards it for good");
  tui.type("y");
  await tui.waitFor(/2 of 2[\s\S]*A new\.txt/);
  tui.type("\t");
  await tui.waitFor("y applies all");
  tui.type("y");
  await tui.waitFor("Applied 2 changes.");
  expect(await text(place, "a.txt")).toBe("one\n");
  expect(await text(place, "new.txt")).toBe("hi\n");
  expect(await text(place, "src/n.txt")).toContain("\ntwo\n");
});

test("a conflict shows both sides and is left alone; leaving says what waits, the list of sessions leads back to it", async () => {
  const place = await project();
  const tui = await worked(place);
  await writeFile(join(place.cwd, "a.txt"), "mine\n");
  tui.enter("/changes");
  await tui.waitFor(
    /C a\.txt +.*changed in the workspace too[\s\S]*yours, in the workspace[\s\S]*the session's, in the try/,
  );
  tui.type(KEY.escape);
  await tui.waitFor((screen) => !screen.includes("Esc leaves"));
  tui.enter("/apply a.txt");
  await tui.waitFor("a.txt was changed in the workspace too; nothing of it was overwritten.");
  expect(await text(place, "a.txt")).toBe("mine\n");
  tui.type(KEY.ctrl("c"));
  await expect.poll(() => tui.input()).toBe("");
  tui.enter("/exit");
  await tui.left(0);
  expect(tui.screen().join("\n")).toMatch(/3 changes wait in the try[\s\S]*C a\.txt/);
  await talk(["done"], ["-n", "without a try"], { place });
  const again = await startTui(["back"], { place, args: ["--resume"] });
  await again.waitFor(/resume a session/);
  again.type("go");
  await again.waitFor(/› go +\d of 2/);
  again.type(KEY.enter);
  await again.waitFor(/I changed three files\.[\s\S]*· try · /);
  again.enter("/discard");
  await again.waitFor("Discard 3 changes for good?");
  again.type(KEY.enter);
  await again.waitFor((screen) => !screen.includes("for good?"));
  again.enter("/discard");
  await again.waitFor("Discard 3 changes for good?");
  again.type("yes");
  await again.waitFor(/1 of 2/);
  again.type(KEY.enter);
  await again.waitFor("Discarded 3 changes.");
  again.enter("/resume without");
  await again.waitFor(/session\.not_found/);
  again.type(KEY.ctrl("c"));
  await expect.poll(() => again.input()).toBe("");
  again.enter("/exit");
  await again.left(0);
  expect(again.screen().join("\n")).not.toContain("wait in the try");
  expect((await runHearth(place, ["changes"])).exitCode).toBe(2);
});

test("without a try /apply says so, and what the list is for", async () => {
  const tui = await openTui([]);
  tui.enter("/apply");
  await tui.waitFor("This session works in your files directly");
});
