// McpServer: a server of the Model Context Protocol whose tools a session is given. Types only.

/** `env` is added to the allow-listed environment; `headers` go with every request. */
export type McpServer =
  | {
      type: "stdio";
      name: string;
      command: string;
      args: readonly string[];
      env: Readonly<Record<string, string>>;
    }
  | { type: "http" | "sse"; name: string; url: string; headers: Readonly<Record<string, string>> };
