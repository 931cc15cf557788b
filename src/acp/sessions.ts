// The sessions of one connection: opened, listed, closed. Each has an App of its own.
import { isAbsolute } from "node:path";
import type { McpServer as GivenServer } from "@agentclientprotocol/sdk/unstable";
import type { App } from "../app/app.ts";
import type { SessionLibrary } from "../app/session-library.ts";
import type { SessionWish } from "../app/session-wish.ts";
import { AppError } from "../lib/app-error.ts";
import type { Editor } from "../protocol/editor.ts";
import type { McpServer } from "../protocol/mcp.ts";
import { clientEditor } from "./client-editor.ts";
import { unknownSession } from "./failure.ts";
import { mcpServers } from "./mcp-servers.ts";
import type { AcpSession } from "./session.ts";
import type { Client, ClientFeatures } from "./wire.ts";

/** What an App is opened with. `cwd` is absolute; whoever opens it looks whether it can be worked in. */
export type OpenRequest = {
  cwd: string;
  addDirs: readonly string[];
  session: SessionWish;
  mcpServers: readonly McpServer[];
  editor: Editor | null;
};

export type SessionsOptions = {
  /** Throws AppErrors of folder, settings, model and session; nothing was created then. */
  open: (request: OpenRequest) => Promise<App>;
  library: (cwd: string) => SessionLibrary;
  say: (sentence: string, hint?: string) => void;
};

/** What a client says of the place of a session. */
export type Place = {
  cwd: string;
  additionalDirectories?: readonly string[] | undefined;
  mcpServers?: readonly GivenServer[] | undefined;
};

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #open = new Map<string, AcpSession>();
  /** Those that are being opened: they are to be closed too. */
  readonly #opening = new Set<Promise<AcpSession>>();
  #closed = false;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Throws what answers the request for a session that is not open here. */
  get(sessionId: string): AcpSession {
    const session = this.#open.get(sessionId);
    if (!session) throw unknownSession(sessionId);
    return session;
  }

  find(sessionId: string): AcpSession | undefined {
    return this.#open.get(sessionId);
  }

  /** Opens one; what is open here already under that id is opened anew, unless it is at work. */
  async open(
    place: Place,
    wish: SessionWish,
    link: { client: Client; features: ClientFeatures },
  ): Promise<AcpSession> {
    if (this.#closed) throw new AppError("session.closed", "The connection was closed.");
    if (wish.kind === "resume") await this.#leave(wish.reference);
    const opening = this.#start(place, wish, link);
    this.#opening.add(opening);
    try {
      const session = await opening;
      this.#open.set(session.id, session);
      return session;
    } finally {
      this.#opening.delete(opening);
    }
  }

  /** False when it is not open here. */
  async close(sessionId: string): Promise<boolean> {
    const session = this.#open.get(sessionId);
    this.#open.delete(sessionId);
    await session?.close();
    return session !== undefined;
  }

  async closeAll(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled([...this.#open.keys()].map((id) => this.close(id)));
    const late = await Promise.allSettled(this.#opening);
    await Promise.allSettled(late.flatMap((each) => (each.status === "fulfilled" ? each.value.close() : [])));
  }

  async #leave(sessionId: string): Promise<void> {
    const session = this.#open.get(sessionId);
    if (session?.atWork) {
      throw new AppError("control.busy", "This session is at work here: it cannot be opened anew now.", {
        hint: "Cancel its prompt first.",
      });
    }
    await this.close(sessionId);
  }

  async #start(
    { cwd, additionalDirectories = [], mcpServers: given = [] }: Place,
    session: SessionWish,
    link: { client: Client; features: ClientFeatures },
  ): Promise<AcpSession> {
    for (const path of [cwd, ...additionalDirectories]) {
      if (!isAbsolute(path)) throw new AppError("acp.folder", `The folder ${path} is not absolute.`);
    }
    const { say } = this.#options;
    const { servers, skipped } = mcpServers(given);
    for (const name of skipped) say(`The MCP server ${name} is reached in a way that Hearth does not know.`);
    let opened: AcpSession | null = null;
    const editor = clientEditor({
      ...link,
      sessionId: () => opened?.id ?? "",
      onTerminal: (terminalId) => opened?.showTerminal(terminalId),
      onProblem: (message) => opened?.warn(message),
    });
    const { AcpSession: Session } = await import("./session.ts");
    const app = await this.#options.open({
      cwd,
      addDirs: additionalDirectories,
      session,
      mcpServers: servers,
      editor,
    });
    opened = new Session({ app, ...link, say });
    return opened;
  }
}
