// The stub provider for tests: on a free port, closed with `await using`, and the environment that points at it.
import { EventEmitter, once } from "node:events";
import { stubEnvironment } from "../../src/server/stub/run-stub.ts";
import type { ScriptInput } from "../../src/server/stub/script.ts";
import { type Stub, type StubOptions, startStub } from "../../src/server/stub/start-stub.ts";

export type TestStub = Stub &
  AsyncDisposable & {
    /** Resolves when so many requests have come, at once when they have. */
    waitForRequests: (count: number) => Promise<void>;
  };

export async function withStub(
  script: ScriptInput = [],
  options: Omit<Partial<StubOptions>, "script" | "onRequest"> = {},
): Promise<TestStub> {
  const arrivals = new EventEmitter();
  const stub = await startStub({
    port: 0,
    seed: "test",
    ...options,
    script,
    onRequest: () => arrivals.emit("request"),
  });
  return Object.assign(Object.create(stub) as Stub, {
    waitForRequests: async (count: number) => {
      while (stub.requests.length < count) await once(arrivals, "request");
    },
    [Symbol.asyncDispose]: () => stub.close(),
  });
}

/** The variables that point every vendor at the stub, with dummy keys and nothing else. */
export function providerEnv(stub: Pick<Stub, "url">): Record<string, string> {
  return { ...stubEnvironment(stub.url), GOOGLE_API_KEY: "stub-key", COHERE_API_KEY: "stub-key" };
}

/** The content of the newest message of a recorded request to the Messages API or the Chat API, as JSON. */
export function newestMessage(body: unknown): string {
  const { messages } = body as { messages: { content: unknown }[] };
  return JSON.stringify(messages.at(-1)?.content);
}
