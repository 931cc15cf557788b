// `hearth stub`: runs the stub provider until the signal fires, and says how to point programs at it.
import { type StubOptions, startStub } from "./start-stub.ts";

export type RunStubOptions = Pick<StubOptions, "port" | "host" | "record" | "seed"> & {
  /** Path of the script file. */
  script?: string;
  /** Paths of recording files or folders. */
  recordings?: readonly string[];
  /** Takes the one line `stub listening on URL`. */
  write: (line: string) => void;
  /** Takes lines for a person: the environment to export. */
  note: (line: string) => void;
  signal: AbortSignal;
};

/** Resolves when the signal fires and the server is closed; throws what startStub throws. */
export async function runStub({ write, note, signal, ...options }: RunStubOptions): Promise<void> {
  const stub = await startStub(options);
  write(`stub listening on ${stub.url}`);
  for (const [name, value] of Object.entries(stubEnvironment(stub.url))) note(`export ${name}=${value}`);
  try {
    await aborted(signal);
  } finally {
    await stub.close();
  }
}

/** The variables that point the vendors' SDKs, and agents built on them, at a stub. Keys are dummies. */
export function stubEnvironment(url: string): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: url,
    OPENAI_BASE_URL: `${url}/v1`,
    OPENROUTER_BASE_URL: `${url}/v1`,
    GOOGLE_GEMINI_BASE_URL: url,
    ANTHROPIC_API_KEY: "stub-key",
    OPENAI_API_KEY: "stub-key",
    OPENROUTER_API_KEY: "stub-key",
    GEMINI_API_KEY: "stub-key",
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
