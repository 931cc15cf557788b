// Commands that steer a run: /queue /pause /continue /steer /followup /stop /compact /background /exit.
import { AppError } from "../../lib/app-error.ts";
import type { App } from "../app.ts";
import { formatAge } from "../format.ts";
import { interruptWords } from "../interrupt-words.ts";
import { boundaryOf, landingOf } from "../landing.ts";
import { movableNames, movedWords } from "../movable.ts";
import { isAtWork, willSettle } from "../state.ts";
import type { Command, CommandResult } from "./command.ts";

const NOTHING_QUEUED = "Nothing is queued.";

export const queueCommand: Command = {
  name: "queue",
  usage: "[clear]",
  summary: "list what is queued and edit it",
  whileBusy: "now",
  complete: () => Promise.resolve([{ value: "clear", detail: "drop all of it, but a pause" }]),
  run: async (args, app) => {
    const { queue } = app.conversation.state();
    if (args === "clear") return clearQueue(app);
    if (args !== "")
      throw new AppError("command.usage", `/queue ${args} means nothing.`, { hint: "/queue [clear]" });
    return { text: formatQueue(app), ...(queue.length === 0 ? {} : { ui: { kind: "queue" as const } }) };
  },
};

export const pauseCommand: Command = {
  name: "pause",
  summary: "finish the running tool or answer, then hold until /continue",
  whileBusy: "now",
  run: async (_args, app) => {
    const before = app.conversation.state();
    await app.conversation.send({ type: "pause" });
    if (!willSettle(before)) return { say: "Paused: what you send waits for /continue." };
    if (before.state === "paused") return { say: "It is paused already; /continue goes on." };
    return { say: `Pauses ${boundaryOf(before, Date.now())}.` };
  },
};

export const continueCommand: Command = {
  name: "continue",
  summary: "go on after /pause",
  whileBusy: "now",
  run: async (_args, app) => {
    const { state, queue, run } = app.conversation.state();
    const waits = queue.some((item) => item.kind === "pause") || (run === null && queue.length > 0);
    if (state !== "paused" && !waits) {
      throw new AppError("control.not_paused", "Nothing is paused.", {
        hint: "`/resume` opens saved sessions.",
      });
    }
    await app.conversation.send({ type: "resume" });
    return { say: "Goes on." };
  },
};

export const steerCommand: Command = {
  name: "steer",
  usage: "TEXT",
  summary: "tell the working agent something after its running tools",
  whileBusy: "now",
  run: async (args, app) => {
    if (args === "") throw new AppError("command.usage", "/steer takes a text.");
    await app.prompt(args, { kind: "steer" });
    return {};
  },
};

export const followUpCommand: Command = {
  name: "followup",
  usage: "TEXT",
  summary: "queue a prompt for when the work is done",
  whileBusy: "now",
  run: async (args, app) => {
    if (args === "") throw new AppError("command.usage", "/followup takes a text.");
    await app.prompt(args, { kind: "follow_up" });
    return {};
  },
};

export const stopCommand: Command = {
  name: "stop",
  summary: "interrupt the run; queued texts come back",
  whileBusy: "now",
  run: async (_args, app) => {
    const before = app.conversation.state();
    if (!isAtWork(before)) throw new AppError("control.idle", "Nothing is running.");
    await app.conversation.send({ type: "interrupt" });
    return { say: interruptWords(before) };
  },
};

export const backgroundCommand: Command = {
  name: "background",
  aliases: ["bg"],
  summary: "let the command that runs go on in the background; /ps lists what is there",
  whileBusy: "now",
  run: async (_args, app) => {
    const names = movableNames(app.conversation.state());
    if (names.length === 0) {
      throw new AppError("control.background", "Nothing that runs now can go on in the background.");
    }
    await app.conversation.send({ type: "background" });
    return { say: movedWords(names) };
  },
};

export const compactCommand: Command = {
  name: "compact",
  usage: "[what to keep]",
  summary: "summarise the conversation to free context",
  whileBusy: "queue",
  run: async (args, app) => {
    await app.conversation.send({ type: "compact", ...(args === "" ? {} : { hint: args }) });
    return {};
  },
};

export const exitCommand: Command = {
  name: "exit",
  aliases: ["quit"],
  usage: "[now]",
  summary: "leave when the work is done; now: interrupt first",
  whileBusy: "now",
  complete: () => Promise.resolve([{ value: "now", detail: "interrupt what runs first" }]),
  run: async (args, app) => {
    if (!willSettle(app.conversation.state())) return { ui: { kind: "exit" } };
    await app.conversation.send({ type: "exit", now: args === "now" });
    if (args === "now") return {};
    return {
      say: "Leaves when the work is done; drop it in the queue to stay; /exit now interrupts first.",
    };
  },
};

/** A pause is not cleared: /continue ends it. */
async function clearQueue(app: App): Promise<CommandResult> {
  const count = app.conversation.state().queue.filter((item) => item.kind !== "pause").length;
  if (count === 0) return { text: NOTHING_QUEUED };
  await app.conversation.send({ type: "queue", edit: { action: "clear" } });
  return { text: `Removed ${count} queued ${count === 1 ? "item" : "items"}.` };
}

const VERBS = { steer: "goes", follow_up: "goes", pause: "holds", exit: "leaves" } as const;

function formatQueue(app: App): string {
  const state = app.conversation.state();
  const { queue } = state;
  if (queue.length === 0) return NOTHING_QUEUED;
  const rows = queue.map((item, index) => {
    const age = formatAge(Date.now() - item.time);
    const what = [item.kind.replace("_", "-"), item.text].filter((part) => part !== "").join("  ");
    return `${index + 1}. ${what}  (${age} ago, ${VERBS[item.kind]} ${landingOf(item, state, Date.now())})`;
  });
  return rows.join("\n");
}
