// /runtime: which agent takes the turns of this conversation.
import { AppError } from "../../lib/app-error.ts";
import type { App } from "../app.ts";
import type { Command, CommandResult } from "./command.ts";
import { activationText, runtimeStatusText } from "./runtime-text.ts";

export const runtimeCommand: Command = {
  name: "runtime",
  usage: "[status | activate NAME | deactivate [NAME] | use config]",
  summary: "hand the conversation to another agent, or take it back",
  whileBusy: "now",
  complete: async (app) => {
    const { runtimes } = await app.runtimes.status();
    return [
      { value: "status", detail: "who takes the next turn, and who could" },
      ...runtimes.map(({ name, kind, detail }) => ({
        value: `activate ${name}`,
        detail: [kind, detail].filter((part) => part !== "").join("  "),
      })),
      { value: "deactivate", detail: "back to native" },
      { value: "use config", detail: "as the settings say" },
    ];
  },
  run: async (args, app) => {
    const [verb = "", ...rest] = args.split(/\s+/).filter((word) => word !== "");
    const name = rest.join(" ");
    switch (verb) {
      case "":
        return { ui: { kind: "picker", picker: "runtime" } };
      case "status":
        return { text: await formatRuntimeStatus(app) };
      case "activate":
        return activate(name, app);
      case "deactivate":
        await app.runtimes.deactivate(name === "" ? undefined : name);
        return {
          text: "native takes the next turn (forced). `/runtime use config` follows the settings again.",
        };
      case "use":
        return followSettings(name, app);
      default:
        throw usageError(`/runtime ${verb}`);
    }
  },
};

/** The text of `/runtime status`, also printed where there is no picker. */
export async function formatRuntimeStatus(app: App): Promise<string> {
  return runtimeStatusText(await app.runtimes.status());
}

async function activate(name: string, app: App): Promise<CommandResult> {
  if (name === "") throw usageError("/runtime activate");
  return { text: activationText(await app.runtimes.activate(name)) };
}

async function followSettings(what: string, app: App): Promise<CommandResult> {
  if (what !== "config") throw usageError(`/runtime use ${what}`);
  await app.runtimes.followSettings();
  const { effective } = await app.runtimes.status();
  return { text: `The settings decide again: ${effective} takes the next turn.` };
}

function usageError(given: string): AppError {
  return new AppError("command.usage", `"${given}" is not complete.`, {
    hint: "/runtime status | activate NAME | deactivate [NAME] | use config",
  });
}
