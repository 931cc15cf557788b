import { expect, it } from "vitest";
import { startPipedProcess } from "../../../src/lib/piped-process.ts";
import { untilDrained, untilUnheard } from "../../../src/runtimes/external/last-words.ts";

async function hear(script: string) {
  const options = { cwd: "/", env: { PATH: process.env.PATH ?? "" } };
  const program = await startPipedProcess("sh", ["-c", script], options);
  let said = "";
  const unheard = untilUnheard(program, untilDrained(program.stdout));
  program.stdout.on("data", (text: Buffer) => {
    said += text.toString();
  });
  await unheard;
  return { said, stop: () => program.stop(0) };
}

it("what comes after the end of the program itself is still heard", async () => {
  const { said, stop } = await hear("(sleep 0.1; echo late) & exit 0");
  await stop();
  expect(said).toBe("late\n");
});

it("a child that holds the output open is not waited for", async () => {
  const { said, stop } = await hear("echo said; sleep 60 & exit 0");
  await stop();
  expect(said).toBe("said\n");
});

it("a program that closed its output is not waited for, though it lives", async () => {
  const { said, stop } = await hear("echo said; exec >&-; exec sleep 60");
  await stop();
  expect(said).toBe("said\n");
});
