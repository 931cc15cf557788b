// Commands that steer a run: /queue /pause /continue /steer /followup /stop /compact /exit /ps.
import { AppError } from "../../lib/app-error.ts";
import type { App } from "../app.ts";
import { formatAge } from "../format.ts";
import { isAtWork, willSettle } from "../state.ts";
import type { Command, CommandResult } from "./command.ts";

const NOTHING_QUEUED = "Nothing is queued.";

export const queueCommand: Command = {
  name: "queue",
  usage: "[clear]",
  summary: "list what is queued and edit it",
  whileBusy: "now",
  complete: () => Promise.resolve(["clear"]),
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
    await app.conversation.send({ type: "pause" });
    return {};
  },
};

export const continueCommand: Command = {
  name: "continue",
  summary: "go on after /pause",
  whileBusy: "now",
  run: async (_args, app) => {
    const { state, queue } = app.conversation.state();
    if (state !== "paused" && !queue.some((item) => item.kind === "pause")) {
      throw new AppError("control.not_paused", "Nothing is paused.", {
        hint: "`/resume` opens saved sessions.",
      });
    }
    await app.conversation.send({ type: "resume" });
    return {};
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
    if (!isAtWork(app.conversation.state())) throw new AppError("control.idle", "Nothing is running.");
    await app.conversation.send({ type: "interrupt" });
    return {};
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
  complete: () => Promise.resolve(["now"]),
  run: async (args, app) => {
    if (!willSettle(app.conversation.state())) return { ui: { kind: "exit" } };
    await app.conversation.send({ type: "exit", now: args === "now" });
    return args === "now" ? {} : { text: "Leaves when the work is done. `/exit now` interrupts first." };
  },
};

export const processesCommand: Command = {
  name: "ps",
  usage: "[stop ID]",
  summary: "background processes of this session",
  whileBusy: "now",
  run: async (args, app) => {
    const [verb, id] = args.split(/\s+/);
    if (verb === "stop" && id) {
      await app.stopProcess(id);
      return { text: `Ended ${id}.` };
    }
    const rows = app.processes().map((process) => {
      const state = process.running ? `running ${formatAge(Date.now() - process.startedMs)}` : "ended";
      return `- ${process.id}  ${process.command}  (${state})`;
    });
    return { text: rows.length === 0 ? "No background processes." : rows.join("\n") };
  },
};

/** A pause is not cleared: /continue ends it. */
async function clearQueue(app: App): Promise<CommandResult> {
  const count = app.conversation.state().queue.filter((item) => item.kind !== "pause").length;
  if (count === 0) return { text: NOTHING_QUEUED };
  await app.conversation.send({ type: "queue", edit: { action: "clear" } });
  return { text: `Removed ${count} queued ${count === 1 ? "item" : "items"}.` };
}

function formatQueue(app: App): string {
  const { queue } = app.conversation.state();
  if (queue.length === 0) return NOTHING_QUEUED;
  const rows = queue.map((item, index) => {
    const age = formatAge(Date.now() - item.time);
    const what = [item.kind.replace("_", "-"), item.text].filter((part) => part !== "").join("  ");
    return `${index + 1}. ${what}  (${age} ago, ${deliveryOf(item.kind)})`;
  });
  return rows.join("\n");
}

function deliveryOf(kind: "steer" | "follow_up" | "pause" | "exit"): string {
  switch (kind) {
    case "steer":
      return "goes after the running tools";
    case "follow_up":
      return "goes when this is done";
    case "pause":
      return "holds after the running step";
    case "exit":
      return "leaves when this is done";
  }
}
