// The first run: three screens at most, each left with Esc. A way to a model, a theme, trust for this directory.
//
// Who is asked what: a person whose environment or settings hold a key goes straight to the input, and is asked for
// trust alone where a project has settings of its own; a theme they choose when they want one. Only who is stopped
// anyway, because there is no model, is also shown the themes, unless a file or a variable names one already. Left or
// gone through, the screens do not come again by themselves: later starts without a model say so in one line, and
// /setup shows the screens again. The demo is a look around and counts as nothing.
import {
  findAgents,
  findLocalModels,
  KEY_VENDORS,
  type KnownAgent,
  ollamaUrl,
  takeAgent,
  takeLocalModel,
  vendorOfKey,
} from "../../app/ways-to-a-model.ts";
import { toFailure } from "../../lib/app-error.ts";
import { abbreviateHome } from "../../lib/paths.ts";
import type { PreviewLine } from "../components/picker-preview.ts";
import { chosenItem, openPicker, type PickerItem, replaceItems } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import { keyNames } from "../keys/key-words.ts";
import { type Found, modelItems, modelPreview } from "./first-run-rows.ts";
import { askTheme } from "./theme-choice.ts";

/** At the start: what must be asked, and nothing that need not be. */
export function welcome(desk: Desk): void {
  const { app } = desk;
  const isReady = app.models.current() !== null || app.conversation.state().runtime !== "native";
  if (!isReady && app.firstRun.pending) {
    new FirstRun(desk, { asked: false }).askModel();
    return;
  }
  askTrust(desk, (trusted) => {
    if (trusted) desk.restart("settings");
  });
  if (!isReady)
    desk.say("There is no model: set ANTHROPIC_API_KEY or another vendor's key, or enter /setup.");
}

/** /setup: all three screens, whatever is there already. */
export function setUp(desk: Desk): void {
  new FirstRun(desk, { asked: true }).askModel();
}

class FirstRun {
  readonly #desk: Desk;
  /** Null while it is looked for. */
  #found: Found | null = null;
  /** Something was stored that only a new start takes up. */
  #stored = false;
  /** The person wants to see them. */
  readonly #asked: boolean;

  constructor(desk: Desk, { asked }: { asked: boolean }) {
    this.#desk = desk;
    this.#asked = asked;
    void this.#look();
  }

  askModel(): void {
    const desk = this.#desk;
    const why = desk.app.models.current() === null ? "No key was found." : "A way to a model.";
    const picker = openPicker(`${why} Choose one:`, this.#items());
    desk.setFocus({
      kind: "picker",
      picker,
      choose: this.#choose,
      cancel: () => this.#askTheme(),
      preview: this.#preview("key"),
      previewHeight: 3,
      closes: "goes on without one",
      isShort: true,
      follow: () => this.#redraw(),
    });
  }

  /** The rows are there from the first frame on; what is found is filled in. */
  async #look(): Promise<void> {
    const { env } = this.#desk.app;
    const local = await findLocalModels(env);
    this.#found = { local, agents: findAgents(env) };
    this.#redraw();
  }

  #redraw(): void {
    const desk = this.#desk;
    const focus = desk.focus();
    if (focus.kind !== "picker" || focus.choose !== this.#choose) return;
    const picker = replaceItems(focus.picker, this.#items());
    desk.setFocus({ ...focus, picker, preview: this.#preview(chosenItem(picker)?.value) });
  }

  #items(): PickerItem<string>[] {
    return modelItems(this.#found, ollamaUrl(this.#desk.app.env).host);
  }

  #preview(value: string | undefined): PreviewLine[] {
    const { credentialsFile, settingsFile, home } = this.#desk.app.paths;
    const name = (path: string) => abbreviateHome(path, home);
    return modelPreview(value, this.#found, { keys: name(credentialsFile), settings: name(settingsFile) });
  }

  readonly #choose = (value: string): void => {
    switch (value) {
      case "key":
        this.#askKey();
        break;
      case "local":
        this.#askLocalModel();
        break;
      case "agent":
        this.#askAgent();
        break;
      default:
        this.#desk.restart("demo");
    }
  };

  #again(said: string): void {
    this.askModel();
    this.#desk.say(said);
  }

  #askKey(): void {
    const key = keyNames(this.#desk.bindings);
    this.#desk.ask({
      title: `Paste the key, then ${key("submit")} (${key("interrupt")} goes back)`,
      masked: true,
      submit: (text) => {
        const secret = text.trim();
        if (secret === "") this.askModel();
        else this.#keepKey(secret, vendorOfKey(secret)?.variable ?? null);
      },
      cancel: () => this.askModel(),
    });
  }

  /** Where the key does not tell whose it is, the person does. */
  #keepKey(key: string, variable: string | null): void {
    if (variable !== null) {
      this.#store(() => this.#desk.app.storeKey(variable, key));
      return;
    }
    const items = KEY_VENDORS.map((vendor) => ({
      value: vendor.variable,
      label: vendor.name,
      detail: vendor.variable,
      current: false,
    }));
    this.#desk.setFocus({
      kind: "picker",
      picker: openPicker("Whose key is it?", items),
      choose: (chosen) => this.#keepKey(key, chosen),
      cancel: () => this.askModel(),
      closes: "goes back",
      isShort: true,
    });
  }

  #askLocalModel(): void {
    const local = this.#found?.local;
    const [first, ...more] = local?.models ?? [];
    if (!local || first === undefined) {
      this.#again("Start Ollama and load a model (ollama pull qwen3-coder), then choose this again.");
      void this.#look();
    } else if (more.length === 0) {
      this.#store(() => takeLocalModel(this.#desk.app, local, first));
    } else {
      this.#pick("Which one answers?", local.models, (model) =>
        this.#store(() => takeLocalModel(this.#desk.app, local, model)),
      );
    }
  }

  #askAgent(): void {
    const agents: readonly KnownAgent[] = this.#found?.agents.agents ?? [];
    const [first, ...more] = agents;
    const take = (agent: KnownAgent) => this.#store(() => takeAgent(this.#desk.app, agent));
    if (first === undefined) {
      this.#again("No agent was found; others are declared in the settings under runtimes.");
    } else if (more.length === 0) {
      take(first);
    } else {
      const names = agents.map(({ name }) => name);
      this.#pick("Which one takes the turns?", names, (name) =>
        take(agents.find((each) => each.name === name) ?? first),
      );
    }
  }

  #pick(title: string, values: readonly string[], choose: (value: string) => void): void {
    const items = values.map((value) => ({ value, label: value, detail: "", current: false }));
    this.#desk.setFocus({
      kind: "picker",
      picker: openPicker(title, items),
      choose,
      cancel: () => this.askModel(),
      closes: "goes back",
    });
  }

  #store(keep: () => Promise<void>): void {
    keep().then(
      () => {
        this.#stored = true;
        this.#askTheme();
      },
      (error: unknown) => {
        const { message, hint = "" } = toFailure(error);
        this.#again(`${message} ${hint}`.trim());
      },
    );
  }

  #askTheme(): void {
    const desk = this.#desk;
    desk.attempt(async () => {
      const rows = await desk.app.settingsChoice.list();
      const isChosen = rows.some(({ path, source }) => path === "theme" && source !== "default");
      if (isChosen && !this.#asked) this.#askTrust();
      else
        askTheme(desk, {
          title: "Choose a theme",
          closes: "keeps this one",
          choose: (name) => {
            desk.apply({ ui: { kind: "theme", name } });
            this.#askTrust();
          },
          cancel: () => this.#askTrust(),
        });
    });
  }

  #askTrust(): void {
    askTrust(this.#desk, (trusted) => {
      this.#stored ||= trusted;
      this.#end();
    });
  }

  #end(): void {
    const desk = this.#desk;
    desk.attempt(async () => {
      await desk.app.firstRun.done();
      if (this.#stored) desk.restart("settings");
      else if (desk.app.models.current() === null)
        desk.say("There is no model yet: set a key and start again, or enter /setup.");
    });
  }
}

/** Asks where the directory has settings of its own that nobody has spoken about; then goes on. */
function askTrust(desk: Desk, next: (trusted: boolean) => void): void {
  if (!desk.app.trust.pending) {
    next(false);
    return;
  }
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
        next(value === "yes");
      }),
    cancel: () => next(false),
    closes: "leaves them out",
    isShort: true,
  });
}
