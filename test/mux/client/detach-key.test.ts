// The key that detaches, in what a keyboard sends.
import { expect, test } from "vitest";
import { createKeyFinder, detachKey } from "../../../src/mux/client/detach-key.ts";

test("what comes before the key goes to the program, the rest to nobody", () => {
  const find = createKeyFinder(detachKey("ctrl+\\"));
  expect(find("ls")).toEqual({ text: "ls", found: false });
  expect(find("\r\x1cmore")).toEqual({ text: "\r", found: true });
});

test("in a paste it is text, also where the paste comes in pieces", () => {
  const find = createKeyFinder(detachKey("ctrl+\\"));
  expect(find("\x1b[200~a\x1cb")).toEqual({ text: "\x1b[200~a\x1cb", found: false });
  expect(find("\x1c")).toEqual({ text: "\x1c", found: false });
  expect(find("end\x1b[201~\x1c")).toEqual({ text: "end\x1b[201~", found: true });
});

test.for(["q", "up", "enter", "escape", "tab", "f1"])("%s cannot be it, or nobody could type it", (name) => {
  expect(() => detachKey(name)).toThrowError(expect.objectContaining({ code: "mux.key" }));
});
