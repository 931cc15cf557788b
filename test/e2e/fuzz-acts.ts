// Further acts of a fuzzed sitting: what interrupts a run or stands before the conversation for a while. And what may
// be missing after an interrupt: the rest of the answer, texts that were queued.
import { expect } from "vitest";
import type { Random } from "../support/random.ts";
import { KEY } from "../support/terminal.ts";
import { TAG, type Tags } from "./fuzz-answer.ts";
import { comeToCalm, elapse, statusLine, type Tui } from "./tui-driver.ts";

/** What interrupts have left out: answers by their number, which are cut, and tags of texts that came back. */
export type Cuts = { answers: Set<number>; texts: Set<string> };

type Acting = { tui: Tui; random: Random; tags: Tags; said: string[]; cuts: Cuts };

/** Texts beside those of the other acts; each takes a reply. */
const MOST_SAID = 14;

export function noCuts(): Cuts {
  return { answers: new Set(), texts: new Set() };
}

/** Each leaves the input empty and with the keys. */
export const FURTHER_ACTS = [interrupt, pauseAndContinue, lookBack, palette, toBackground] as const;

/** In a lower or narrower window the acts cannot see what they do. */
function canSee(tui: Tui): boolean {
  const { columns, rows } = tui.size();
  return columns >= 60 && rows >= 16 && isFree(tui);
}

/** The input has the keys, and nothing is asked. */
function isFree(tui: Tui): boolean {
  const screen = tui.screen().join("\n");
  return tui.input() === "" && !/wants to run|Esc back|type to filter/.test(screen) && !isPager(tui);
}

/** The full-screen view has the window (DEC private mode 1049). */
function isPager(tui: Tui): boolean {
  return tui.bytes().lastIndexOf("\x1b[?1049h") > tui.bytes().lastIndexOf("\x1b[?1049l");
}

async function press({ tui }: Acting, keys: string): Promise<void> {
  tui.type(keys);
  await elapse(40);
  await comeToCalm(tui);
}

/** Says something where nothing is under way, and waits until an answer comes; false where it cannot be seen. */
async function getBusy(acting: Acting): Promise<boolean> {
  const { tui, random, tags, said } = acting;
  await comeToCalm(tui);
  if (!canSee(tui)) return false;
  if (isIdle(tui) && said.length < MOST_SAID) {
    const tag = tags("U");
    said.push(tag);
    await press(acting, `${tag} go on`);
    tui.type(KEY.enter);
    await tui.waitFor((screen) => !statusLine(screen).includes("  idle") || tagsOf(tui, "U").includes(tag));
    await elapse(random.between(0, 300));
  }
  return !isIdle(tui);
}

function isIdle(tui: Tui): boolean {
  return statusLine(tui.screen().join("\n")).includes("  idle");
}

/** What was seen of the answer stays; what had not gone yet comes back into the input and is thrown away. */
async function interrupt(acting: Acting): Promise<void> {
  const { tui, cuts, said } = acting;
  if (!(await getBusy(acting)) || !isFree(tui)) return;
  const first = tui.stub.requests.length - 1;
  const seen = tagsOf(tui, "Q");
  tui.type(KEY.escape);
  await tui.waitForStatus("idle", 10_000);
  for (let answer = Math.max(0, first); answer < tui.stub.requests.length; answer++) cuts.answers.add(answer);
  await comeToCalm(tui);
  const asked = tui.stub.requests.map(({ body }) => JSON.stringify(body)).join("\n");
  for (const tag of said) if (!asked.includes(tag)) cuts.texts.add(tag);
  await emptyInput(acting);
  // Twice within a second and a half on an empty input would open the tree.
  await elapse(1_600);
  expect(tagsOf(tui, "Q")).toEqual(expect.arrayContaining(seen));
}

function tagsOf(tui: Tui, kind: "Q" | "U"): string[] {
  const rows = tui
    .transcript()
    .join("")
    .replaceAll(/[\s│▌>|]/g, "");
  return (rows.match(TAG) ?? []).filter((tag) => tag.startsWith(kind));
}

async function emptyInput(acting: Acting): Promise<void> {
  for (let tries = 0; tries < 40 && acting.tui.input() !== ""; tries++) {
    await press(acting, KEY.ctrl("u"));
    await press(acting, KEY.backspace);
  }
}

async function pauseAndContinue(acting: Acting): Promise<void> {
  const { tui, random } = acting;
  if (!(await getBusy(acting))) return;
  const enter = async (command: string): Promise<void> => {
    await press(acting, command);
    await press(acting, KEY.enter);
    await elapse(random.between(0, 200));
  };
  await enter("/pause");
  await enter("/continue");
  // A question that came between takes keys for itself, and a pause lasts until it is told to end.
  for (let tries = 0; tries < 5 && isHeld(tui); tries++) {
    await emptyInput(acting);
    await enter("/continue");
  }
  // What came too late, when the run was over, stands in the input again.
  await emptyInput(acting);
}

function isHeld(tui: Tui): boolean {
  return /paused|pauses after this step/.test(tui.screen().join("\n"));
}

/** Into the transcript and out again, while the answer goes on. */
async function lookBack(acting: Acting): Promise<void> {
  const { tui, random } = acting;
  await getBusy(acting);
  if (!canSee(tui)) return;
  tui.type(KEY.ctrl("o"));
  await tui.waitFor(() => isPager(tui));
  for (let moves = random.between(0, 4); moves > 0; moves--) {
    await press(acting, random.pick(["k", "j", KEY.pageUp, KEY.end, " "] as const));
  }
  tui.type("q");
  await tui.waitFor(() => !isPager(tui));
  await comeToCalm(tui);
}

async function palette(acting: Acting): Promise<void> {
  const { tui, random } = acting;
  await comeToCalm(tui);
  if (!canSee(tui)) return;
  tui.type(KEY.ctrl("p"));
  await tui.waitFor(/^ *commands {2}›/m);
  if (random.chance(0.5)) await press(acting, "mod");
  if (random.chance(0.5)) await press(acting, KEY.down);
  tui.type(KEY.escape);
  await tui.waitFor((screen) => !/^ *commands {2}›/m.test(screen));
  await comeToCalm(tui);
}

/** Only where a command runs; else the key moves in the empty input. */
async function toBackground(acting: Acting): Promise<void> {
  const { tui } = acting;
  await comeToCalm(tui);
  if (canSee(tui)) await press(acting, KEY.ctrl("b"));
}

/** Each answer once and in order: whole, or where it was cut its beginning. */
export function expectAnswers(found: readonly string[], answers: readonly string[], cuts: Cuts): void {
  const expected: string[] = [];
  for (const [number, text] of answers.entries()) {
    const tags = text.match(TAG) ?? [];
    const rest = found.slice(expected.length);
    const different = tags.findIndex((tag, index) => rest[index] !== tag);
    expected.push(...(cuts.answers.has(number) && different >= 0 ? tags.slice(0, different) : tags));
  }
  expect(found, `cut: ${[...cuts.answers].join(" ")}`).toEqual(expected);
}

/** What was said stands there once; what came back with an interrupt may be gone. */
export function expectSaid(found: readonly string[], said: readonly string[], cuts: Cuts): void {
  const certain = said.filter((tag) => !cuts.texts.has(tag) || found.includes(tag));
  expect(found.toSorted()).toEqual(certain.toSorted());
}
