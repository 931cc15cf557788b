// What an ACP runtime is made of. Types only.

export type AcpRuntimeOptions = {
  /** As declared in the settings; it names the agent in events and messages. */
  name: string;
  command: string;
  args: readonly string[];
  /** The whole environment of the program: the allow-listed one with what the settings add. */
  env: Readonly<Record<string, string>>;
  /** Seconds without a sign of life after which a turn is ended. */
  idleTimeoutSeconds: number;
  newId: () => string;
  now: () => number;
};
