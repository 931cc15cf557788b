// The control queue on the screen (SPEC, section 2): steer, follow up, pause, edit, interrupt; the built program in a
// pseudo-terminal.
import { execa } from "execa";
import { expect, test } from "vitest";
import { newPlace } from "../support/hearth.ts";
import { withStub } from "../support/stub.ts";
import { KEY } from "../support/terminal.ts";
import { driveApp } from "./app-driver.ts";
import { openCalls, sessionFile, sessionLines, textsOf, toolAnswers } from "./scripted.ts";
import { countRows, elapse, openTui, startTui, type Tui } from "./tui-driver.ts";

const FULL = ["--permission-mode", "full"];
const ALT_UP = "\x1b[1;3A";

/** An answer that takes two seconds or so. */
const SLOW = { text: "one two three four five six seven eight", chunkSize: 5, chunkDelayMs: 250 };

function bash(...commands: string[]) {
  return { toolCalls: commands.map((command) => ({ name: "bash", arguments: { command } })) };
}

async function entries(tui: Tui, type: string): Promise<Record<string, unknown>[]> {
  return (await sessionLines(await sessionFile(tui.place))).filter((entry) => entry.type === type);
}

async function queueStates(tui: Tui): Promise<unknown[]> {
  const changes = await entries(tui, "queue");
  const items = changes.flatMap((change) => change.items as { text: string; state: string }[]);
  return items.map(({ text, state }) => [text, state]);
}

test("A-019: Alt+Enter queues a follow-up, shown at once and sent as a run of its own when the first has settled", async () => {
  const tui = await openTui([SLOW, "tests added"]);
  tui.enter("go");
  await tui.waitFor("two");
  tui.type(`also add tests${KEY.altEnter}`);
  await tui.waitFor(/1 follow-up\s+also add tests\s+when this is done/);
  expect(tui.stub.requests).toHaveLength(1);
  await tui.waitFor("tests added");
  await tui.waitForStatus("idle");
  expect(textsOf(tui.stub.requests[1], "user")).toEqual(["go", "also add tests"]);
  expect(textsOf(tui.stub.requests[1], "assistant")).toEqual([SLOW.text]);
  expect((await entries(tui, "run_start")).map(({ prompt }) => prompt)).toEqual(["go", "also add tests"]);
});

test("A-020: two follow-ups run one after the other, each from its own start to its own end", async () => {
  const tui = await openTui([SLOW, "answer to A", "answer to B"]);
  tui.enter("go");
  await tui.waitFor("one");
  tui.type(`first A${KEY.altEnter}`);
  await tui.waitFor(/1 follow-up\s+first A/);
  tui.type(`then B${KEY.altEnter}`);
  await tui.waitFor(/2 follow-up\s+then B/);
  await tui.waitFor("answer to B");
  await tui.waitForStatus("idle");
  const lines = await sessionLines(await sessionFile(tui.place));
  const runs = lines.filter(({ type }) => type === "run_start" || type === "run_end");
  expect(runs.map(({ type, prompt }) => prompt ?? type)).toEqual([
    "go",
    "run_end",
    "first A",
    "run_end",
    "then B",
    "run_end",
  ]);
});

test("A-021: a steer waits for the whole batch and goes with the next request, no result thrown away", async () => {
  const tui = await openTui([bash("sleep 1; echo one", "echo two", "echo three"), "python then"], {
    args: FULL,
  });
  tui.enter("go");
  await tui.waitForStatus("running bash");
  tui.enter("stop, use python");
  await tui.waitFor(/1 steer\s+stop, use python\s+after bash/);
  await tui.waitFor("python then");
  await tui.waitForStatus("idle");
  const [, next] = tui.stub.requests;
  expect(next && toolAnswers(next).map(({ text }) => text.trim())).toEqual(["one", "two", "three"]);
  expect(textsOf(next, "user")).toEqual(["go", "stop, use python"]);
  expect(openCalls(next)).toEqual([]);
});

test.for([
  { title: "Ctrl+S", keys: [`stop, use python${KEY.ctrl("s")}`] },
  { title: "Enter twice", keys: ["stop, use python", KEY.enter, KEY.enter] },
])(
  "A-021: steer now ($title) cancels the running tool, skips the others and goes at once",
  async ({ keys }) => {
    const tui = await openTui([bash("echo partial; sleep 20", "echo two", "echo three"), "python then"], {
      args: FULL,
    });
    tui.enter("go");
    // Its output, not its name.
    await tui.waitFor(/^ +partial$/m);
    for (const key of keys) tui.type(key);
    await tui.waitFor("python then", 5_000);
    await tui.waitForStatus("idle");
    const [, next] = tui.stub.requests;
    const [first, ...others] = next ? toolAnswers(next) : [];
    expect(first?.text).toMatch(/partial[\s\S]*cancelled/);
    expect(others.map(({ text }) => text)).toEqual([
      "skipped: the user redirected",
      "skipped: the user redirected",
    ]);
    expect(textsOf(next, "user")).toEqual(["go", "stop, use python"]);
    expect(openCalls(next)).toEqual([]);
  },
);

test("A-022: two steers reach the model in their order as two messages", async () => {
  const tui = await openTui([bash("sleep 1"), "both heard"], { args: FULL });
  tui.enter("go");
  await tui.waitForStatus("running bash");
  tui.enter("first S1");
  await tui.waitFor(/1 steer\s+first S1/);
  tui.enter("then S2");
  await tui.waitFor("both heard");
  await tui.waitForStatus("idle");
  expect(textsOf(tui.stub.requests[1], "user")).toEqual(["go", "first S1", "then S2"]);
  const messages = (await entries(tui, "message")).filter(({ message }) => isUser(message));
  expect(messages).toHaveLength(3);
});

test("A-022: in the queue list an item is edited, dropped, moved and turned into a follow-up before it is sent", async () => {
  const tui = await openTui([bash("sleep 4"), "steered", "followed"], { args: FULL });
  tui.enter("go");
  await tui.waitForStatus("running bash");
  for (const [index, text] of ["S1", "S2", "S3", "S4"].entries()) {
    tui.enter(text);
    await tui.waitFor(new RegExp(`${index + 1} steer\\s+${text}`));
  }
  tui.type("a draft");
  tui.type(ALT_UP);
  await tui.waitFor("^X drop");
  tui.type(KEY.tab);
  await tui.waitFor(/follow-up\s+S4/);
  tui.type(KEY.up);
  tui.type(KEY.ctrl("x"));
  await tui.waitFor((screen) => !/steer\s+S3/.test(screen));
  tui.type(KEY.up);
  tui.type(ALT_UP);
  await tui.waitFor(/S2[\s\S]*S1[\s\S]*S4/);
  tui.type(KEY.down);
  tui.type(KEY.enter);
  await tui.waitFor((screen) => !/steer\s+S1/.test(screen));
  expect(tui.input()).toBe("S1\na draft");
  await tui.waitFor("followed");
  await tui.waitForStatus("idle");
  expect(textsOf(tui.stub.requests[1], "user")).toEqual(["go", "S2"]);
  expect(textsOf(tui.stub.requests[2], "user")).toEqual(["go", "S2", "S4"]);
  expect(tui.input()).toBe("S1\na draft");
});

test("A-023: a steer goes before a follow-up that was queued earlier", async () => {
  const tui = await openTui([bash("sleep 1"), "steered", "followed"], { args: FULL });
  tui.enter("go");
  await tui.waitForStatus("running bash");
  tui.type(`the follow-up${KEY.altEnter}`);
  await tui.waitFor(/follow-up\s+the follow-up/);
  tui.enter("the steer");
  await tui.waitFor("followed");
  await tui.waitForStatus("idle");
  expect(textsOf(tui.stub.requests[1], "user")).toEqual(["go", "the steer"]);
  expect(textsOf(tui.stub.requests[2], "user")).toEqual(["go", "the steer", "the follow-up"]);
});

test("A-024: /pause lets the tool finish and holds before the next request, /continue goes on in the same run", async () => {
  const tui = await openTui([bash("sleep 1; echo finished"), "went on"], { args: FULL });
  tui.enter("go");
  await tui.waitForStatus("running bash");
  tui.enter("/pause");
  await tui.waitForStatus("paused");
  expect(tui.screen().join("\n")).toContain("/continue or Enter on an empty line goes on");
  await elapse(5_000);
  expect(tui.stub.requests).toHaveLength(1);
  tui.enter("/continue");
  await tui.waitFor("went on");
  await tui.waitForStatus("idle");
  expect(tui.stub.requests[1] && toolAnswers(tui.stub.requests[1])).toMatchObject([{ text: "finished" }]);
  expect(await entries(tui, "run_start")).toHaveLength(1);
  expect(await entries(tui, "run_end")).toMatchObject([{ outcome: "completed" }]);
});

test("A-025: what is queued while paused is shown, not sent, and is there after kill -9 and --continue", async () => {
  const place = await newPlace();
  await using stub = await withStub([bash("sleep 1"), "steered", "followed"]);
  const tui = await openTui([], { place, stub, args: FULL });
  tui.enter("go");
  await tui.waitForStatus("running bash");
  tui.enter("/pause");
  await tui.waitForStatus("paused");
  tui.type(`the follow-up${KEY.altEnter}`);
  await tui.waitFor(/follow-up\s+the follow-up/);
  tui.enter("the steer");
  await tui.waitFor(/steer\s+the steer\s+after \/continue/);
  tui.kill("SIGKILL");
  await tui.exited;
  const again = await openAgain(tui, { args: [...FULL, "--continue"] });
  await again.waitFor(/steer\s+the steer\s+after \/continue/);
  await again.waitFor(/follow-up\s+the follow-up/);
  await again.waitForStatus("paused");
  expect(stub.requests).toHaveLength(1);
  again.enter("/continue");
  await again.waitFor("followed");
  await again.waitForStatus("idle");
  expect(stub.requests.slice(1).map((request) => textsOf(request, "user"))).toEqual([
    ["go", "the steer"],
    ["go", "the steer", "the follow-up"],
  ]);
});

test("A-027: Esc ends a command with all its children, and the transcript says cancelled, not exit 0", async () => {
  const mark = `300.${process.pid}`;
  const tui = await openTui([bash(`sleep ${mark} & wait`)], { args: FULL });
  tui.enter("go");
  await tui.waitForStatus("running bash");
  await expect.poll(() => running(mark)).toBeGreaterThan(0);
  tui.type(KEY.escape);
  await tui.waitForStatus("idle", 3_000);
  await expect.poll(() => running(mark), { timeout: 3_000 }).toBe(0);
  expect(tui.screen().join("\n")).toMatch(/bash\s+sleep .*cancelled/);
  expect(tui.screen().join("\n")).not.toContain("exit 0");
  const answers = (await entries(tui, "message")).map(({ message }) => JSON.stringify(message));
  expect(answers.join("\n")).toMatch(/cancelled by user/);
});

test("A-028: an interrupt puts queued texts back into the input before the draft, sends nothing and records it", async () => {
  const tui = await openTui([SLOW]);
  tui.enter("go");
  await tui.waitFor("one");
  for (const text of ["queued A", "queued B"]) {
    tui.type(`${text}${KEY.altEnter}`);
    await tui.waitFor(new RegExp(`follow-up\\s+${text}`));
  }
  tui.type("the draft");
  tui.type(KEY.escape);
  await tui.waitForStatus("idle", 2_000);
  await tui.waitFor("queued A");
  expect(tui.input()).toMatch(/^queued A\nqueued B\nthe draft$/m);
  await elapse(300);
  expect(tui.stub.requests).toHaveLength(1);
  const states = JSON.stringify(await queueStates(tui));
  expect(states).toContain('["queued A","cancelled"]');
  expect(states).toContain('["queued B","cancelled"]');
});

test("A-031: item 65 of a full queue is refused with a message, its text stays in the input, 64 are intact", async () => {
  const tui = await openTui([{ ...SLOW, chunkDelayMs: 4_000 }]);
  tui.enter("go");
  await tui.waitForStatus("streaming");
  for (let count = 1; count <= 64; count += 1) {
    tui.type(`item ${count}.${KEY.altEnter}`);
    await tui.waitFor((screen) =>
      count <= 5 ? screen.includes(`item ${count}.`) : screen.includes(`${count - 5} more`),
    );
  }
  tui.type(`one too many${KEY.altEnter}`);
  await tui.waitFor(/queue is full/i);
  expect(tui.input()).toContain("one too many");
  expect(tui.screen().join("\n")).toContain("59 more");
  tui.type(KEY.escape);
  await tui.waitForStatus("idle", 3_000);
  await tui.waitFor(/item 64\.\s+one too many/);
});

test("A-032: the steer chord while idle sends the text as an ordinary prompt", async () => {
  const tui = await openTui(["hello back"]);
  tui.type(`hello${KEY.ctrl("s")}`);
  await tui.waitFor("hello back");
  await tui.waitForStatus("idle");
  expect(textsOf(tui.stub.requests[0], "user")).toEqual(["hello"]);
});

test("A-033: /queue lists every item with kind, age and when it goes; it can be edited; /queue clear says how many", async () => {
  const tui = await openTui([bash("sleep 6"), "done here"], { args: FULL });
  tui.enter("go");
  await tui.waitForStatus("running bash");
  tui.enter("the steer");
  await tui.waitFor(/steer\s+the steer/);
  for (const text of ["follow A", "follow B"]) {
    tui.type(`${text}${KEY.altEnter}`);
    await tui.waitFor(new RegExp(`follow-up\\s+${text}`));
  }
  tui.enter("/queue");
  await tui.waitFor(/steer\s+the steer\s+\(\d+ s ago, goes after bash, 0:0\d running\)/);
  await tui.waitFor(/follow-up\s+follow B\s+\(\d+ s ago, goes after 2\)/);
  await tui.waitFor("^X drop");
  tui.type(KEY.up);
  tui.type(KEY.enter);
  await tui.waitFor((screen) => /›\s+follow A/.test(screen));
  tui.type(" mended");
  tui.type(KEY.altEnter);
  await tui.waitFor(/follow-up\s+follow A mended/);
  tui.enter("/queue clear");
  await tui.waitFor("Removed 3 queued items.");
  await tui.waitFor("done here", 15_000);
  await tui.waitForStatus("idle");
  expect(tui.stub.requests).toHaveLength(2);
  expect(countRows(tui.screen(), "queued ")).toBeLessThanOrEqual(1);
});

test("A-039: a run with one tool goes idle, streaming, running tools, streaming, idle, and is idle once", async () => {
  const place = await newPlace();
  await using stub = await withStub([bash("echo hi"), "done here"]);
  const { events, run } = await driveApp(place, stub, { flags: { permissionMode: "full" } });
  await run("go");
  const states = events.flatMap((event) => (event.type === "state_changed" ? [event.to] : []));
  expect(states).toEqual(["streaming", "running_tools", "streaming", "idle"]);
});

async function openAgain(tui: Tui, options: { args: string[] }): Promise<Tui> {
  const again = await startTui([], { place: tui.place, stub: tui.stub, ...options });
  await again.waitFor("›");
  return again;
}

/** Processes whose command line holds the mark, the shell that started them too. */
async function running(mark: string): Promise<number> {
  const { stdout } = await execa("ps", ["-eo", "stat,args"]);
  return stdout.split("\n").filter((row) => row.includes(`sleep ${mark}`) && !row.startsWith("Z")).length;
}

function isUser(message: unknown): boolean {
  return typeof message === "object" && message !== null && "role" in message && message.role === "user";
}
