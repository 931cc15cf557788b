// Commands about sessions: /new /resume /fork /clone /name /label /tree /copy.
import { AppError } from "../../lib/app-error.ts";
import type { App } from "../app.ts";
import { forkChoices, sessionChoices } from "./argument-choices.ts";
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
  complete: sessionChoices,
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
  complete: forkChoices,
  run: async (args, app) => {
    const run = runOf(args);
    if (run === null) await app.sessions.fork(args === "" ? undefined : args);
    else await app.sessions.forkAt(run);
    return {};
  },
};

export const cloneCommand: Command = {
  name: "clone",
  usage: "[id | path]",
  summary: "go on in a copy with every branch; /fork copies this branch alone",
  whileBusy: "refuse",
  complete: sessionChoices,
  run: async (args, app) => {
    await app.sessions.clone(args === "" ? undefined : args);
    return {};
  },
};

export const labelCommand: Command = {
  name: "label",
  usage: "TEXT | #run TEXT",
  summary: "give the newest run, or any, a name in the tree",
  whileBusy: "now",
  run: async (args, app) => {
    const [, run, label = ""] = /^(?:#(\S+)(?:\s+|$))?([\s\S]*)$/.exec(args) ?? [];
    if (label === "" && run === undefined) {
      throw new AppError("command.usage", "/label takes a name for the newest run.", {
        hint: "/tree shows the runs; #RUN before the name means another one.",
      });
    }
    const runs = await app.sessions.runs();
    const target = runs.find(({ id, isTip }) => (run === undefined ? isTip : id === run));
    if (!target)
      throw new AppError("session.no_run", "This session has no such run.", {
        hint: "/tree shows the runs.",
      });
    await app.sessions.label(target.id, label.trim());
    return { say: label === "" ? "The label is gone." : `Labelled: ${label.trim()}` };
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

export const treeCommand: Command = {
  name: "tree",
  summary: "the runs and branches of this session, to move to and to fork from",
  whileBusy: "now",
  // As text it is read only where there is no picker.
  run: () => Promise.resolve({ ui: { kind: "picker", picker: "tree" } }),
};

/** `#ID` names a run of any branch; null for anything else. */
function runOf(args: string): string | null {
  return /^#(\S+)$/.exec(args)?.[1] ?? null;
}

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
