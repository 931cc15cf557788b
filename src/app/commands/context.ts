// Commands about what the model is told: /context /system /role.
import { AppError } from "../../lib/app-error.ts";
import type { App } from "../app.ts";
import { formatContext } from "../format-context.ts";
import type { Command, CommandResult } from "./command.ts";

export const contextCommand: Command = {
  name: "context",
  summary: "what fills the context window, part by part",
  whileBusy: "now",
  run: async (_args, app) => {
    const { runtime } = app.conversation.state();
    const text = formatContext(await app.context());
    if (runtime === "native") return { text };
    return { text: `${runtime} keeps a context of its own. This is what native would send:\n\n${text}` };
  },
};

export const systemCommand: Command = {
  name: "system",
  usage: "[TEXT | show [PART] | clear]",
  summary: "see the system prompt, or add a text to it for this session",
  whileBusy: "now",
  complete: async (app) => [
    { value: "show", detail: "all of it" },
    ...(await app.system.parts()).map(({ name }) => ({ value: `show ${name}`, detail: "this part alone" })),
    { value: "clear", detail: "take away what you added" },
  ],
  run: async (args, app) => {
    if (args === "") return { text: await showSystem(app, ""), ui: { kind: "picker", picker: "system" } };
    if (args === "clear") return clearSystem(app);
    const shown = /^show(?:\s+([^\n]+))?$/.exec(args);
    if (shown) return { text: await showSystem(app, shown[1] ?? "") };
    const { runtime } = app.conversation.state();
    if (runtime !== "native") {
      throw new AppError(
        "system.runtime",
        `${runtime} has a system prompt of its own: a text would not reach it.`,
        {
          hint: "`/runtime activate native` goes back to Hearth's own agent.",
        },
      );
    }
    await app.system.add(args);
    return {
      text: `The system prompt ends with your text ${fromWhen(app)}. \`/system clear\` takes it away.`,
    };
  },
};

export const roleCommand: Command = {
  name: "role",
  usage: "[NAME | none]",
  summary: "give the model a role: its text, model and tools",
  whileBusy: "queue",
  complete: async (app) => {
    const { roles } = await app.roles.list();
    return [
      ...roles.map(({ name, description }) => ({ value: name, detail: description })),
      { value: NO_ROLE, detail: "leave the role" },
    ];
  },
  run: async (args, app) => {
    if (args === "") return { text: await listRoles(app), ui: { kind: "picker", picker: "role" } };
    const before = app.conversation.state().role;
    const { role, ...choices } = await app.roles.set(args === NO_ROLE ? "" : args);
    if (role === null)
      return { text: before === "" ? "There is no role to leave." : `Left the role ${before}.` };
    return {
      text: [`Role: ${role.name}. ${role.description}`.trim(), ...changesOf(role, choices)].join("\n"),
    };
  },
};

const NO_ROLE = "none";

type Taken = Awaited<ReturnType<App["roles"]["set"]>>;

function changesOf(role: NonNullable<Taken["role"]>, choices: Omit<Taken, "role">): string[] {
  const { model, thinking, mode } = choices;
  const held =
    role.mode !== undefined && role.mode !== mode ? ` (the role's ${role.mode} would allow more)` : "";
  return [
    `- Model: ${model || "none"}, thinking ${thinking}`,
    `- Permission mode: ${mode}${held}`,
    ...(role.tools === undefined ? [] : [`- Tools: ${role.tools.join(", ") || "none"}`]),
  ];
}

async function listRoles(app: App): Promise<string> {
  const { roles, problems } = await app.roles.list();
  const current = app.conversation.state().role;
  const rows = roles.map(({ name, description }) => {
    const mark = name === current ? " (in force)" : "";
    return `- ${name}${mark}${description === "" ? "" : `: ${description}`}`;
  });
  const none = `There are no roles. A role is a file: ${app.paths.configDir}/roles/NAME.md`;
  return [...(rows.length === 0 ? [none] : rows), ...problems].join("\n");
}

async function clearSystem(app: App): Promise<CommandResult> {
  if (app.conversation.state().systemText === "") return { text: "You added nothing to the system prompt." };
  await app.system.add("");
  return { text: `Your text is no longer in the system prompt ${fromWhen(app)}.` };
}

function fromWhen(app: App): string {
  return app.conversation.state().run === null ? "from your next prompt on" : "from the next run on";
}

/** As it is sent, in a block of code: nothing of it is read as Markdown. */
async function showSystem(app: App, wanted: string): Promise<string> {
  const parts = await app.system.parts();
  const shown = wanted === "" ? parts : parts.filter(({ name }) => name === wanted);
  if (shown.length === 0) {
    throw new AppError("system.part", `The system prompt has no part "${wanted}".`, {
      hint: `Its parts: ${parts.map(({ name }) => name).join(", ")}.`,
    });
  }
  return shown.map(({ name, text }) => `**${name}**\n\n${asBlock(text)}`).join("\n\n");
}

function asBlock(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`{3,}/g), ([run]) => run.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}text\n${text}\n${ticks}`;
}
