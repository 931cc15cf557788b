// One fuzzed sitting: answers of every kind stream while the window is dragged about, tools run and ask, and the person
// types. What stands in the terminal afterwards is checked tag by tag.
import { expect } from "vitest";
import { type Random, seededRandom } from "../support/random.ts";
import { KEY } from "../support/terminal.ts";
import { type Cuts, expectAnswers, expectSaid, FURTHER_ACTS, noCuts } from "./fuzz-acts.ts";
import { createTags, randomAnswer, TAG, type Tags } from "./fuzz-answer.ts";
import { comeToCalm, countRows, elapse, openTui, statusLine, type Tui } from "./tui-driver.ts";

type Reply = { text: string; toolCalls: { name: string; arguments: { command: string } }[] };

/** `wild`: windows may also change so that the terminal pushes live rows out, where nobody can take them back. */
type Options = { actions: number; wild?: boolean };

type Sitting = { tui: Tui; random: Random; tags: Tags; said: string[]; cuts: Cuts; wild: boolean };

/** More than a sitting asks for: each steer and follow-up takes one. */
const REPLIES = 40;
const MOST_ABOVE_INPUT = 30;
/** At the end of every sitting: nothing is too wide or too high for it. */
const LAST_SIZE = { columns: 200, rows: 60 };

/** Plays the sitting of this seed. Rejects, with the seed and the screen, when a person would see a fault. */
export async function playSitting(seed: number, options: Options): Promise<void> {
  const random = seededRandom(seed);
  const tags = createTags();
  const replies = Array.from({ length: REPLIES }, (_, index) => randomReply(random, tags, index));
  const script = replies.map((reply) => ({
    ...reply,
    chunkSize: random.between(8, 80),
    chunkDelayMs: random.between(1, 6),
  }));
  const tui = await openTui(script);
  const sitting: Sitting = { tui, random, tags, said: [], cuts: noCuts(), wild: options.wild === true };
  try {
    await say(sitting, KEY.enter);
    for (let action = 0; action < options.actions; action++) await act(sitting);
    await comeToRest(sitting);
    await expectWhole(sitting, replies);
    tui.enter("/exit");
    await tui.left(0);
  } catch (error) {
    throw new Error(`The sitting of seed ${seed} went wrong; the screen:\n${tui.screen().join("\n")}`, {
      cause: error,
    });
  }
}

function randomReply(random: Random, tags: Tags, index: number): Reply {
  const calls = index > 3 || random.chance(0.4) ? 0 : random.between(1, 3);
  const toolCalls = Array.from({ length: calls }, () => ({
    name: "bash",
    arguments: {
      command: `for i in 1 2 3 4 5 6; do echo "row $i of 你好 👍"; sleep 0.0${random.between(1, 9)}; done`,
    },
  }));
  return { text: randomAnswer(random, tags, random.between(1, 5)), toolCalls };
}

async function act(sitting: Sitting): Promise<void> {
  const { tui, random } = sitting;
  const actions = [
    resize,
    resize,
    resize,
    resize,
    answer,
    draft,
    pasteDraft,
    send,
    queueKeys,
    ...(sitting.wild ? [] : FURTHER_ACTS),
  ] as const;
  await random.pick(actions)(sitting);
  await elapse(random.between(0, 60));
  if (random.chance(0.3)) await tui.drawn();
}

/** At any moment, while anything may be on its way to the terminal. */
async function resize({ tui, random, wild }: Sitting): Promise<void> {
  const size = { columns: random.between(10, 200), rows: random.between(5, 60) };
  if (random.chance(0.3)) size.rows = tui.size().rows;
  if (random.chance(0.3)) size.columns = tui.size().columns;
  if (!wild && !staysInReach(tui, size)) return;
  tui.resize(size.columns, size.rows);
  await elapse(random.between(5, 30));
}

/** False when the terminal would push live rows out of its window, where nobody can erase them. */
function staysInReach(tui: Tui, { columns, rows }: { columns: number; rows: number }): boolean {
  const { y, hidden } = tui.cursor();
  const screen = tui.screen();
  // Without the cursor to say it: no more than so many rows of it stand above the input.
  const top = hidden ? y : Math.max(0, y - MOST_ABOVE_INPUT);
  const live = screen.slice(top, screen.findLastIndex((row) => row !== "") + 1);
  const broken = live.reduce((sum, row) => sum + Math.max(1, Math.ceil(row.length / columns)), 0);
  // xterm.js scrolls by each row that it makes, also when there is room below.
  return broken <= rows && broken - live.length <= top && y - rows < top;
}

/** Allows what is asked. */
async function answer({ tui }: Sitting): Promise<void> {
  if (tui.screen().some((row) => row.includes("wants to run"))) tui.type("y");
}

/** Keys that come in one piece with others are taken for a paste: each waits for the one before. */
async function press({ tui }: Pick<Sitting, "tui">, keys: string): Promise<void> {
  const { length } = tui.bytes();
  tui.type(keys);
  // In a window that is too small for the input nothing is drawn.
  for (let tries = 0; tries < 15 && tui.bytes().length === length; tries++) await elapse(10);
  await elapse(30);
}

/** Types and takes back. */
async function draft(sitting: Sitting): Promise<void> {
  const texts = ["a draft", "你好 world", "👍👍", "long ".repeat(30)] as const;
  await press(sitting, sitting.random.pick(texts));
  if (sitting.random.chance(0.5)) await resize(sitting);
  await press(sitting, KEY.ctrl("u"));
}

async function pasteDraft(sitting: Sitting): Promise<void> {
  const rows = sitting.random.between(2, 6);
  await press(sitting, KEY.paste("pasted row\n".repeat(rows)));
  for (let row = 0; row <= rows; row++) {
    await press(sitting, KEY.ctrl("u"));
    await press(sitting, KEY.backspace);
  }
}

async function send(sitting: Sitting): Promise<void> {
  if (sitting.said.length < 6) await say(sitting, sitting.random.pick([KEY.enter, KEY.altEnter] as const));
}

/** Says something that can be found again. */
async function say(sitting: Sitting, key: string): Promise<void> {
  const tag = sitting.tags("U");
  sitting.said.push(tag);
  await press(sitting, `${tag} go on`);
  await press(sitting, key);
}

/** Into the queue list and out again. */
async function queueKeys({ tui }: Sitting): Promise<void> {
  if (!tui.screen().some((row) => row.includes("edits the queue"))) return;
  tui.type("\x1b[1;3A");
  await elapse(30);
  tui.type(KEY.down);
  await tui.drawn();
  if (tui.screen().some((row) => row.includes("Esc back"))) tui.type(KEY.escape);
  await elapse(150);
}

/** Lets everything run to its end, with a window in which questions can be seen. */
async function comeToRest({ tui, random }: Sitting): Promise<void> {
  await tui.drawn();
  tui.resize(LAST_SIZE.columns, LAST_SIZE.rows);
  for (let asked = 0; asked < 20; asked++) {
    await tui.waitFor(
      (screen) =>
        screen.includes("wants to run") ||
        (statusLine(screen).includes("  idle") && !/^ +1 (steer|follow-up)/m.test(screen)),
      30_000,
    );
    if (!tui.screen().some((row) => row.includes("wants to run"))) break;
    if (tui.screen().some((row) => row.includes("Esc back"))) tui.type(KEY.escape);
    await elapse(100);
    tui.type(KEY.ctrl("u"));
    await elapse(random.between(600, 700));
    tui.type("y");
    await elapse(400);
  }
  // An answer to a question that had gone just then is text.
  tui.type(KEY.ctrl("u"));
  await elapse(250);
  await comeToCalm(tui);
}

async function expectWhole({ tui, said, cuts, wild }: Sitting, replies: readonly Reply[]): Promise<void> {
  const all = tui.transcript();
  // Live rows that were pushed out stay for ever; what was said stands behind a mark.
  const rows = wild ? all.filter((row) => /^▌|Q\d/.test(row)) : all;
  const found = tagsIn(rows);
  const asked = tui.stub.requests.length;
  const answers = replies.slice(0, asked).map(({ text }) => text);
  const answered = found.filter((tag) => tag.startsWith("Q"));
  expectAnswers(wild ? newest(answered) : answered, answers, cuts);
  const heard = found.filter((tag) => tag.startsWith("U"));
  expectSaid(heard, said, cuts);
  for (const live of wild
    ? []
    : ["Enter steers", "wants to run", "too small", "streaming", "pasted row", "a draft"]) {
    expect([live, countRows(rows, live)]).toEqual([live, 0]);
  }
  if (!wild) expect(countRows(rows, "  idle")).toBe(1);
  const screen = tui.screen();
  const last = screen.findLastIndex((row) => row !== "");
  expect(screen[last]).toContain("  idle");
  const prompt = screen.findLastIndex((row) => row.startsWith("›"));
  expect(prompt).toBeLessThan(last);
  expect(prompt).toBeGreaterThan(last - 4);
  expect(tui.cursor()).toMatchObject({ x: 2, y: prompt });
  expect(tui.title()).not.toContain("owned");
}

/** Each once, where it stands last: rows that were still live when they were pushed out come again. */
function newest(tags: readonly string[]): string[] {
  return tags.filter((tag, index) => tags.lastIndexOf(tag) === index);
}

/** Tags from top to bottom; one that a narrow window has broken in two is one. */
function tagsIn(rows: readonly string[]): string[] {
  return (
    rows
      .join("")
      .replaceAll(/[\s│▌>|]/g, "")
      .match(TAG) ?? []
  );
}
