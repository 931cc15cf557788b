import { expect, it, vi } from "vitest";
import { startPipedProcess } from "../../../src/lib/piped-process.ts";
import { openLink } from "../../../src/runtimes/acp/link.ts";
import { CANCELLED } from "../../../src/runtimes/acp/permission.ts";

it("an answer that nobody asked for, or that comes twice, is told nobody: its words are not ours to print", async () => {
  const printed = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const script = `
    const say = (line) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...line }) + "\\n");
    process.stdin.once("data", () => {
      say({ id: "\\u001b[2J", result: {} });
      say({ id: null, result: {} });
      for (const n of [1, 2]) say({ id: 0, result: { n } });
      for (const n of [1, 2]) say({ id: 1, result: { n } });
      say({ method: "session/update", params: { done: true } });
    });`;
  const options = { cwd: "/", env: { PATH: process.env.PATH ?? "" } };
  const program = await startPipedProcess(process.execPath, ["-e", script], options);
  const heard = Promise.withResolvers<unknown>();
  const link = await openLink(program, {
    onUpdate: heard.resolve,
    onPermission: async () => CANCELLED,
    onEnd: () => undefined,
  });
  expect(await link.agent.request("initialize", {})).toEqual({ n: 1 });
  expect(await heard.promise).toEqual({ done: true });
  await program.stop(0);
  expect(printed.mock.calls).toEqual([]);
  printed.mockRestore();
});
