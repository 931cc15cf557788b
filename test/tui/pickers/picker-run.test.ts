import { describe, expect, it } from "vitest";
import { previewLine } from "../../../src/tui/components/picker-preview.ts";
import { chosenItem } from "../../../src/tui/components/picker-state.ts";
import { COMPOSER_FOCUS, type Desk, type Focus, type PickerFocus } from "../../../src/tui/desk.ts";
import { defaultKeybindings } from "../../../src/tui/keys/keybindings.ts";
import { runPicker } from "../../../src/tui/pickers/picker-run.ts";
import type { PickerSource } from "../../../src/tui/pickers/source.ts";
import { pressInPicker } from "../../../src/tui/screens/picking.ts";

const items = (...labels: string[]) =>
  labels.map((label) => ({ value: label, label, detail: "", current: false }));

/** A place for one picker: what has the keys, what was said, what failed. */
function openDesk() {
  let focus: Focus = COMPOSER_FOCUS;
  const said: string[] = [];
  const failed: unknown[] = [];
  const desk = {
    bindings: defaultKeybindings(),
    focus: () => focus,
    setFocus: (next: Focus) => {
      focus = next;
    },
    say: (hint: string) => said.push(hint),
    attempt: (task: () => Promise<void>) => void task().catch((error: unknown) => failed.push(error)),
    ask: (question: Parameters<Desk["ask"]>[0]) => {
      asked = question;
      focus = COMPOSER_FOCUS;
    },
  };
  let asked: Parameters<Desk["ask"]>[0] | null = null;
  const picker = (): PickerFocus => {
    if (focus.kind !== "picker") throw new Error("No picker is open.");
    return focus;
  };
  return {
    desk,
    said,
    failed,
    asked: () => asked,
    focus: () => focus,
    picker,
    chosen: () => chosenItem(picker().picker)?.label,
    shown: () =>
      picker().preview?.map(({ spans }) => spans.map((span) => ("text" in span ? span.text : "")).join("")),
    press: (chord: string) => pressInPicker(desk, picker(), { chord, text: null }),
    type: (text: string) => pressInPicker(desk, picker(), { chord: null, text }),
    open: (source: PickerSource) => runPicker(desk, "things", () => Promise.resolve(source)),
  };
}

const source = (change: Partial<PickerSource> = {}): PickerSource => ({
  items: () => Promise.resolve(items("one", "two", "three")),
  choose: () => undefined,
  ...change,
});

describe("an open picker", () => {
  it("takes what is typed before its items are there", async () => {
    const test = openDesk();
    const arrived = Promise.withResolvers<ReturnType<typeof items>>();
    test.open(source({ items: () => arrived.promise }));
    test.type("thr");
    expect(test.picker().picker.items).toEqual([]);
    arrived.resolve(items("one", "two", "three"));
    await expect.poll(test.chosen).toBe("three");
    expect(test.picker().picker.total).toBe(1);
  });

  it.each([
    ["down, down", ["down", "down"], "three"],
    ["beyond the last and back", ["down", "down", "down", "up"], "two"],
    ["to the end and up", ["end", "up"], "two"],
    ["down in what was typed", ["down"], "three", "t"],
  ])("moves %s that came before its items", async (_what, chords, chosen, typed = "") => {
    const test = openDesk();
    const arrived = Promise.withResolvers<ReturnType<typeof items>>();
    test.open(source({ items: () => arrived.promise }));
    if (typed !== "") test.type(typed);
    for (const chord of chords) test.press(chord);
    arrived.resolve(items("one", "two", "three"));
    await expect.poll(test.chosen).toBe(chosen);
    test.press("up");
    expect(test.chosen()).not.toBe(chosen);
  });

  it("a letter that is typed after such a move begins at the best match again", async () => {
    const test = openDesk();
    const arrived = Promise.withResolvers<ReturnType<typeof items>>();
    test.open(source({ items: () => arrived.promise }));
    test.press("down");
    test.type("t");
    arrived.resolve(items("one", "two", "three"));
    await expect.poll(test.chosen).toBe("two");
  });

  it("closes and says so where there is nothing to choose from", async () => {
    const test = openDesk();
    test.open(source({ items: () => Promise.resolve([]), nothing: "None yet." }));
    await expect.poll(() => test.said).toEqual(["None yet."]);
    expect(test.focus()).toBe(COMPOSER_FOCUS);
  });

  it("closes where its items cannot be had, and the failure is told", async () => {
    const test = openDesk();
    test.open(source({ items: () => Promise.reject(new Error("no disk")) }));
    await expect.poll(() => test.failed.length).toBe(1);
    expect(test.focus()).toBe(COMPOSER_FOCUS);
  });

  it("shows no preview of an item that is gone, when nothing else matches", async () => {
    const test = openDesk();
    let labels = ["one", "two"];
    test.open(
      source({
        items: () => Promise.resolve(items(...labels)),
        preview: (name) => [previewLine(`about ${name}`)],
        keys: (control) => [{ action: "picker_remove", label: "removes", run: () => control.reload() }],
      }),
    );
    await expect.poll(test.shown).toEqual(["about one"]);
    test.type("two");
    expect(test.shown()).toEqual(["about two"]);
    labels = ["one"];
    test.press("ctrl+d");
    await expect.poll(test.shown).toEqual([]);
    expect(test.picker().picker.total).toBe(0);
  });

  it("that was left takes no items any more", async () => {
    const test = openDesk();
    const arrived = Promise.withResolvers<ReturnType<typeof items>>();
    const signals: AbortSignal[] = [];
    test.open(
      source({
        items: ({ signal }) => {
          signals.push(signal);
          return arrived.promise;
        },
      }),
    );
    await expect.poll(() => signals.length).toBe(1);
    test.press("escape");
    expect(signals[0]?.aborted).toBe(true);
    arrived.resolve(items("one"));
    await arrived.promise;
    await Promise.resolve();
    expect(test.focus()).toBe(COMPOSER_FOCUS);
  });

  it("follows the cursor with previews, and never shows that of an item that was passed", async () => {
    const test = openDesk();
    const asked: string[] = [];
    const aborted: string[] = [];
    const answers = new Map(["one", "two", "three"].map((name) => [name, Promise.withResolvers<void>()]));
    test.open(
      source({
        preview:
          (name) =>
          async ({ signal }) => {
            asked.push(name);
            signal.addEventListener("abort", () => aborted.push(name));
            await answers.get(name)?.promise;
            return [previewLine(`about ${name}`)];
          },
      }),
    );
    await expect.poll(() => asked).toEqual(["one"]);
    test.press("down");
    expect(aborted).toEqual(["one"]);
    test.press("down");
    await expect.poll(() => asked).toEqual(["one", "three"]);
    for (const answer of answers.values()) answer.resolve();
    await expect.poll(test.shown).toEqual(["about three"]);
    test.press("up");
    test.press("down");
    // It is known by now.
    expect(test.shown()).toEqual(["about three"]);
  });

  it("tells of a preview that is on its way, and of one that cannot be had", async () => {
    const test = openDesk();
    const answer = Promise.withResolvers<never>();
    test.open(
      source({ preview: (name) => (name === "one" ? [previewLine("at hand")] : () => answer.promise) }),
    );
    await expect.poll(test.shown).toEqual(["at hand"]);
    test.press("down");
    await expect.poll(() => test.picker().preview).toBeNull();
    answer.reject(new Error("it is gone"));
    await expect.poll(test.shown).toEqual(["it is gone"]);
    expect(test.failed).toEqual([]);
  });

  it("shows nothing of an item where nothing matches", async () => {
    const test = openDesk();
    test.open(source({ preview: (name) => [previewLine(name)] }));
    await expect.poll(test.shown).toEqual(["one"]);
    test.type("zzz");
    expect(test.shown()).toEqual([]);
    test.press("ctrl+u");
    expect(test.shown()).toEqual(["one"]);
  });

  it("tells its source which item is under the cursor, and when it is left without a choice", async () => {
    const test = openDesk();
    const followed: (string | null)[] = [];
    test.open(source({ follow: (value) => followed.push(value) }));
    await expect.poll(() => followed).toEqual(["one"]);
    test.press("end");
    test.press("home");
    test.press("escape");
    expect(followed).toEqual(["one", "three", "one", null]);
  });

  it("does not take a choice for leaving", async () => {
    const test = openDesk();
    const followed: (string | null)[] = [];
    const chosen: string[] = [];
    test.open(source({ follow: (value) => followed.push(value), choose: (value) => chosen.push(value) }));
    await expect.poll(() => followed).toEqual(["one"]);
    test.press("enter");
    expect([followed, chosen, test.focus()]).toEqual([["one"], ["one"], COMPOSER_FOCUS]);
  });

  it("asks before what cannot be undone: only its own key says yes, any other takes the question away", async () => {
    const test = openDesk();
    const removed: string[] = [];
    test.open(
      source({
        keys: (control) => [
          {
            action: "picker_remove",
            label: "deletes",
            run: (item) => control.confirm("sure?", () => removed.push(item?.label ?? "")),
          },
        ],
      }),
    );
    await expect.poll(test.chosen).toBe("one");
    for (const chord of ["n", "enter", "escape", "ctrl+d"]) {
      test.press("ctrl+d");
      expect(test.picker().question?.text).toBe("sure?");
      test.press(chord);
      expect(test.picker().question).toBeUndefined();
    }
    expect([removed, test.chosen(), test.picker().picker.query]).toEqual([[], "one", ""]);
    test.press("ctrl+d");
    test.press("y");
    expect(removed).toEqual(["one"]);
  });

  it("comes back from a question with its filter and its place, and lists anew what was changed", async () => {
    const test = openDesk();
    const names = ["one", "two", "three"];
    test.open(
      source({
        items: () =>
          Promise.resolve(
            names.map((label, index) => ({ value: `${index}`, label, detail: "", current: false })),
          ),
        keys: (control) => [
          {
            action: "picker_rename",
            label: "renames",
            run: (item) =>
              control.ask({
                title: "name",
                initial: item?.label ?? "",
                submit: (text) => {
                  names[Number(item?.value)] = text;
                  control.reload();
                },
              }),
          },
        ],
      }),
    );
    await expect.poll(test.chosen).toBe("one");
    test.type("t");
    test.press("end");
    const before = test.chosen();
    test.press("ctrl+r");
    expect(test.asked()?.initial).toBe(before);
    test.asked()?.cancel?.();
    expect([test.chosen(), test.picker().picker.query]).toEqual([before, "t"]);
    test.press("ctrl+r");
    test.asked()?.submit("renamed to");
    await expect.poll(test.chosen).toBe("renamed to");
    expect(test.picker().picker.query).toBe("t");
  });

  it("lists all on request, and the nearest again", async () => {
    const test = openDesk();
    test.open(
      source({
        items: ({ all }) => Promise.resolve(items(...(all ? ["near", "far"] : ["near"]))),
        keys: (control) => [
          {
            action: "picker_other",
            label: control.all ? "nearest" : "all",
            run: () => control.toggleAll(),
          },
        ],
      }),
    );
    const label = () => test.picker().keys?.[0]?.label;
    await expect.poll(label).toBe("all");
    test.press("tab");
    await expect.poll(label).toBe("nearest");
    expect(test.picker().picker.items).toHaveLength(2);
    test.press("tab");
    await expect.poll(() => test.picker().picker.items.length).toBe(1);
  });
});

describe("the filter of a picker", () => {
  it("is shortened by a whole character and by a word, and cleared", async () => {
    const test = openDesk();
    test.open(source());
    await expect.poll(test.chosen).toBe("one");
    const query = () => test.picker().picker.query;
    test.type("two 👨‍👩‍👧‍👦");
    test.press("backspace");
    expect(query()).toBe("two ");
    test.type("th\tree\n");
    expect(query()).toBe("two th ree ");
    test.press("ctrl+w");
    expect(query()).toBe("two th ");
    test.press("ctrl+u");
    test.press("backspace");
    expect([query(), test.picker().picker.total]).toEqual(["", 3]);
  });
});

describe("a picker that answers each query", () => {
  /** Answers are given by hand, by query. */
  function answering() {
    const test = openDesk();
    const asked: { query: string; signal: AbortSignal; answer: (...labels: string[]) => void }[] = [];
    test.open(
      source({
        answers: true,
        items: ({ query, signal }) =>
          new Promise((resolve) => {
            asked.push({ query, signal, answer: (...labels) => resolve(items(...labels)) });
          }),
      }),
    );
    const labels = () => test.picker().picker.matches.map(({ label }) => label);
    const queries = () => asked.map(({ query }) => query);
    return { test, asked, labels, queries };
  }

  it("shows what was found for it, whether its letters are there or not", async () => {
    const { test, asked, labels, queries } = answering();
    await expect.poll(queries).toEqual([""]);
    asked[0]?.answer("one", "two");
    await expect.poll(labels).toEqual(["one", "two"]);
    test.type("zebra");
    expect(test.picker().picker.answered).toBe(false);
    await expect.poll(queries).toEqual(["", "zebra"]);
    asked[1]?.answer("other");
    await expect.poll(labels).toEqual(["other"]);
    expect(test.picker().picker).toMatchObject({ answered: true, total: 1 });
  });

  it("asks once for letters that come in a row, and drops what comes too late", async () => {
    const { test, asked, labels, queries } = answering();
    await expect.poll(queries).toEqual([""]);
    for (const letter of "abc") test.type(letter);
    await expect.poll(queries).toEqual(["", "abc"]);
    expect(asked[0]?.signal.aborted).toBe(true);
    test.type("d");
    await expect.poll(queries).toEqual(["", "abc", "abcd"]);
    asked[2]?.answer("new");
    asked[1]?.answer("late");
    await expect.poll(labels).toEqual(["new"]);
  });

  it("stays open where nothing is found", async () => {
    const { test, asked, queries } = answering();
    asked[0]?.answer("one");
    test.type("nothing");
    await expect.poll(queries).toContain("nothing");
    asked.at(-1)?.answer();
    await expect.poll(() => test.picker().picker).toMatchObject({ answered: true, total: 0 });
    expect(test.failed).toEqual([]);
  });

  it("ends a search that nobody waits for any more", async () => {
    const { test, asked, queries } = answering();
    await expect.poll(queries).toEqual([""]);
    test.press("escape");
    expect(asked[0]?.signal.aborted).toBe(true);
  });
});
