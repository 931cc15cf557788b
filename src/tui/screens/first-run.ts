// Before the first prompt: trust for a directory with settings of its own, and a way to a model when there is no key.
import { openPicker } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";

/** Why the program should be started anew: on the example project, or with what was just stored. */
export type Restart = "demo" | "settings";

const VENDORS = [
  { name: "Anthropic", variable: "ANTHROPIC_API_KEY" },
  { name: "OpenAI", variable: "OPENAI_API_KEY" },
  { name: "Google", variable: "GEMINI_API_KEY" },
  { name: "OpenRouter", variable: "OPENROUTER_API_KEY" },
] as const;

/** Asks what must be known first; nothing when all is there. */
export function welcome(desk: Desk, restart: (why: Restart) => void): void {
  const { app } = desk;
  if (app.trust.pending) askTrust(desk, restart);
  else if (app.models.current() === null && app.conversation.state().runtime === "native")
    askKey(desk, restart);
}

function askTrust(desk: Desk, restart: (why: Restart) => void): void {
  const item = (value: string, label: string, detail: string) => ({ value, label, detail, current: false });
  desk.setFocus({
    kind: "picker",
    picker: openPicker("This directory has settings of its own (.hearth). Trust it?", [
      item("no", "no, leave them out", "the safe choice for a project you did not write"),
      item("yes", "yes, apply them", "they may change models, permissions and agents"),
    ]),
    choose: (value) =>
      desk.attempt(async () => {
        await desk.app.trust.answer(value === "yes");
        if (value === "yes") restart("settings");
      }),
  });
}

function askKey(desk: Desk, restart: (why: Restart) => void): void {
  const keys = VENDORS.map(({ name, variable }) => ({
    value: variable,
    label: `paste a key of ${name}`,
    detail: `or set ${variable}; kept 0600, never shown`,
    current: false,
  }));
  const demo = {
    value: "demo",
    label: "the demo",
    detail: "no key, no network: see it work on a small project",
    current: false,
  };
  desk.setFocus({
    kind: "picker",
    picker: openPicker("No key was found. Choose one:", [demo, ...keys]),
    choose: (value) => {
      if (value === "demo") restart("demo");
      else askForKey(desk, value, restart);
    },
    cancel: () => desk.say("Set ANTHROPIC_API_KEY or another vendor's key, or start with --demo."),
  });
}

function askForKey(desk: Desk, variable: string, restart: (why: Restart) => void): void {
  desk.ask({
    title: `Paste the key for ${variable}, then Enter (Esc goes back)`,
    masked: true,
    submit: (key) => {
      if (key.trim() === "") {
        askKey(desk, restart);
        return;
      }
      desk.attempt(async () => {
        await desk.app.storeKey(variable, key.trim());
        restart("settings");
      });
    },
    cancel: () => askKey(desk, restart),
  });
}
