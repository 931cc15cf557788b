import { expect, it } from "vitest";
import { createStatusCommand } from "../../src/app/status-command.ts";

const env = { PATH: process.env.PATH ?? "" };
const ask = (command: string, facts = "{}", signal = new AbortController().signal) =>
  createStatusCommand({ command, cwd: "/", env })(facts, { signal });

it("gets the facts on its standard input and answers with its first line", async () => {
  expect(await ask("cat; echo second", '{"a":1}')).toBe('{"a":1}');
  expect(await ask("true")).toBe("");
});

it("sees nothing of the environment but what it is given", async () => {
  expect(await ask('echo "[$HOME$OPENAI_API_KEY]"')).toBe("[]");
});

it("throws what went wrong", async () => {
  await expect(ask("exit 3")).rejects.toMatchObject({
    code: "status.command",
    message: "The status line's command (statusLine.command) failed: it ended with exit code 3.",
  });
});

it("is ended when it takes too long", async () => {
  await expect(ask("sleep 60")).rejects.toMatchObject({
    message: expect.stringContaining("longer than 2 seconds"),
  });
});

it("answers nothing when nobody wants to know any more", async () => {
  const stop = new AbortController();
  const answer = ask("sleep 60", "{}", stop.signal);
  stop.abort();
  expect(await answer).toBe("");
});
