// Commands about sessions: /new /resume /fork /name /rewind /tree /export /copy.
import { AppError } from "../../lib/app-error.ts";
import type { App } from "../app.ts";
import { formatAge } from "../format.ts";
import type { Command, CommandResult } from "./command.ts";

export const newCommand: Command = {
  name: "new",
  aliases: ["clear"],
  summary: "start a new session; this one stays saved",
  whileBusy: "refuse",
  run: async (_args, app) => {
    await app.sessions.startNew();
    return {};
  },
};

export const resumeCommand: Command = {
  name: "resume",
  usage: "[id | path]",
  summary: "open a saved session",
  whileBusy: "refuse",
  complete: async (app) =>
    (await app.sessions.list({ all: false })).map(({ id, name, firstPrompt, modifiedMs }) => ({
      value: id,
      detail: `${name || firstPrompt}  ${formatAge(Date.now() - modifiedMs)} ago`,
    })),
  run: async (args, app) => {
    if (args === "") return { ui: { kind: "picker", picker: "session" } };
    try {
      await app.sessions.open(args);
      return {};
    } catch (error) {
      return elsewhere(error, args, app);
    }
  },
};

/** From the directory itself a start anew leads into any try; out of an overlay leads no way but leaving. */
function elsewhere(error: unknown, session: string, { trial }: App): CommandResult {
  if (trial !== null || !(error instanceof AppError) || error.code !== "session.try") throw error;
  return { text: `${error.message} ${error.hint ?? ""}`.trim(), ui: { kind: "restart", session } };
}

export const forkCommand: Command = {
  name: "fork",
  usage: "[id | path | #run]",
  summary: "go on in a copy of this session, or of another",
  whileBusy: "refuse",
  run: async (args, app) => {
    const run = runOf(args);
    if (run === null) await app.sessions.fork(args === "" ? undefined : args);
    else await app.sessions.forkAt(run);
    return {};
  },
};

export const nameCommand: Command = {
  name: "name",
  usage: "TEXT",
  summary: "name this session",
  whileBusy: "now",
  run: async (args, app) => {
    if (args === "") {
      const { name } = app.conversation.state();
      return { text: name === "" ? "This session has no name. `/name TEXT` gives it one." : `Name: ${name}` };
    }
    await app.sessions.rename(args);
    return { text: `Name: ${args}` };
  },
};

export const rewindCommand: Command = {
  name: "rewind",
  usage: "[RUN | #run]",
  summary: "go back to the end of a run; the runs after it stay in the tree",
  whileBusy: "refuse",
  run: async (args, app) => {
    if (args === "") return { ui: { kind: "picker", picker: "run" } };
    const id = runOf(args);
    if (id !== null) {
      await app.sessions.rewindTo(id);
      return { text: FILES_STAY };
    }
    const run = Number(args);
    if (!Number.isInteger(run) || run < 0) {
      throw new AppError("command.usage", "/rewind takes the number of a run.", {
        hint: "`/tree` shows the runs.",
      });
    }
    await app.sessions.rewind(run);
    return { text: FILES_STAY };
  },
};

export const treeCommand: Command = {
  name: "tree",
  summary: "the runs and branches of this session, to move to and to fork from",
  whileBusy: "now",
  // As text it is read only where there is no picker.
  run: () => Promise.resolve({ ui: { kind: "picker", picker: "tree" } }),
};

const FILES_STAY = "Only the conversation went back: the files are as they were.";

/** `#ID` names a run of any branch; null for anything else. */
function runOf(args: string): string | null {
  return /^#(\S+)$/.exec(args)?.[1] ?? null;
}

export const exportCommand: Command = {
  name: "export",
  usage: "[file]",
  summary: "write the conversation as Markdown",
  whileBusy: "now",
  run: async (args, app) => {
    const path = await app.sessions.exportMarkdown(args === "" ? undefined : args);
    return { text: `Written to ${path}` };
  },
};

export const copyCommand: Command = {
  name: "copy",
  summary: "copy the newest answer to the clipboard",
  whileBusy: "now",
  run: (_args, app) => {
    const answer = app.conversation.lastAnswer();
    const text =
      answer?.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n") ?? "";
    if (text === "") throw new AppError("copy.nothing", "There is no answer to copy yet.");
    return Promise.resolve({ text: "Copied the newest answer.", ui: { kind: "copy", text } });
  },
};
