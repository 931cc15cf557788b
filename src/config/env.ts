// The only reader of process.env. Everyone else is handed an Environment.

export type Environment = Readonly<Record<string, string | undefined>>;

/** The process's own environment, live. */
export function processEnvironment(): Environment {
  return process.env;
}

/** A variable's value; unset and empty are the same. */
export function readVariable(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === "" ? undefined : value;
}
