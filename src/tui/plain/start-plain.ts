// Plain mode (--plain, TERM=dumb) and screen-reader mode: lines in, lines out. No cursor movement, no colours, nothing
// drawn twice. How things are said is the voice's.

import { createInterface } from "node:readline";
import type { App } from "../../app/app.ts";
import type { CommandResult, PickerName } from "../../app/commands/command.ts";
import { listModels } from "../../app/commands/model.ts";
import { formatRuntimeStatus } from "../../app/commands/runtime.ts";
import { searchText } from "../../app/commands/search.ts";
import { isAtWork } from "../../app/state.ts";
import { submit } from "../../app/submit.ts";
import type { TranscriptItem } from "../../app/transcript-item.ts";
import { toFailure } from "../../lib/app-error.ts";
import type { ApprovalRequest } from "../../protocol/approval.ts";
import type { ImageContent } from "../../protocol/content.ts";
import type { Model } from "../../protocol/model.ts";
import { choosePaint } from "../look-of.ts";
import { loadMarkdown } from "../markdown/render-markdown.ts";
import { resumeHint } from "../screens/opening.ts";
import { prepareTexts } from "../transcript/feed.ts";
import type { ItemView } from "../transcript/item-view.ts";
import { createPlainVoice, type Voice } from "./voice.ts";

/** `spoken`: in words, for who listens. */
export type PlainOptions = { app: App; prompt?: string; images: ImageContent[]; spoken?: boolean };

/** Rows are gathered this long, so that an answer comes in lines and not in words. */
const GATHER_MS = 100;
const SAVED_RUNS = 5;
const SHOWN_MODELS = 20;
/** A second Ctrl+C within this long means it. */
const TWICE_MS = 2_000;

/** Runs until the input ends or the person leaves; gives the exit code. Closes the app. */
export async function startPlain(options: PlainOptions): Promise<number> {
  const session = new PlainSession(options.app, await voiceMaker(options.spoken === true));
  await loadMarkdown();
  return session.run(options);
}

type VoiceMaker = (view: () => ItemView, onLines: () => void) => Voice;

async function voiceMaker(spoken: boolean): Promise<VoiceMaker> {
  if (!spoken) return createPlainVoice;
  const { createSpokenVoice } = await import("./spoken-voice.ts");
  return (_view, onLines) => createSpokenVoice(onLines);
}

class PlainSession {
  readonly #app: App;
  readonly #voice: Voice;
  readonly #end = Promise.withResolvers<number>();
  #timer: NodeJS.Timeout | null = null;
  #unsubscribe: () => void = () => undefined;
  #nextItem = 0;
  #asked: ApprovalRequest | null = null;
  #interruptedMs = 0;

  constructor(app: App, makeVoice: VoiceMaker) {
    this.#app = app;
    this.#voice = makeVoice(
      () => this.#view(),
      () => this.#flush(),
    );
  }

  async run({ prompt, images }: PlainOptions): Promise<number> {
    const lines = createInterface({ input: process.stdin, terminal: false });
    const stopFollowing = this.#app.onConversation(() => this.#follow());
    this.#follow();
    for (const line of this.#voice.opening(this.#app)) process.stdout.write(`${line}\n`);
    for (const warning of this.#app.warnings) this.#note(warning);
    await this.#showSaved();
    if (prompt !== undefined) this.#enter(prompt, images);
    else this.#prompt();
    lines.on("line", (line) => this.#take(line));
    lines.on("close", () => this.#end.resolve(0));
    process.on("SIGINT", () => this.#interrupt());
    const code = await this.#end.promise;
    lines.close();
    await this.#app.close();
    this.#unsubscribe();
    stopFollowing();
    this.#flush();
    const hint = resumeHint(this.#app);
    if (hint !== "") process.stdout.write(`\n${hint}`);
    return code;
  }

  #follow(): void {
    this.#unsubscribe();
    this.#unsubscribe = this.#app.conversation.subscribe(({ event }) => {
      // The terminal itself has echoed what the person wrote.
      const own =
        event.type === "message_end" && event.message.role === "user" && event.message.source === "prompt";
      if (!own) this.#voice.apply(event);
      this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
      if (event.type === "approval_request") this.#ask(event.request);
      if (event.type === "approval_resolved") this.#asked = null;
      if (event.type === "queue_returned")
        this.#note(`Not sent: ${event.items.map((item) => item.text).join(" / ")}`);
      if (event.type === "settled") this.#settle(event.exit === true);
    });
  }

  async #showSaved(): Promise<void> {
    const events = await this.#app.conversation.replay({ lastRuns: SAVED_RUNS });
    await prepareTexts(events);
    for (const event of events) this.#voice.apply(event);
    this.#flush();
  }

  #settle(exit: boolean): void {
    this.#flush();
    if (exit) this.#end.resolve(0);
    else this.#prompt();
  }

  #take(line: string): void {
    if (this.#asked) this.#answer(this.#asked, line.trim());
    else if (line.trim() === "") this.#prompt();
    else this.#enter(line, []);
  }

  #enter(text: string, images: ImageContent[]): void {
    const late = (result: CommandResult | { error: unknown }): void => {
      if ("error" in result) this.#fail(result.error);
      else void this.#apply(result);
    };
    submit(this.#app, { text, images, as: "enter" }, late)
      .then((result) => this.#apply(result))
      .catch((error: unknown) => this.#fail(error));
  }

  async #apply({ text, say, prompt, ui }: CommandResult): Promise<void> {
    const shown = ui?.kind === "processes" ? ui.text : text;
    if (shown !== undefined)
      this.#add({ kind: "assistant", id: `note-${this.#nextItem++}`, text: shown, speaker: "" });
    if (say !== undefined) this.#note(say);
    if (prompt !== undefined) await this.#app.prompt(prompt);
    if (ui?.kind === "theme") await this.#keepTheme(ui.name, ui.keep);
    if (ui?.kind === "exit") this.#end.resolve(0);
    if (ui?.kind === "vim") this.#note("Plain mode reads whole lines; vim keys are for the screen.");
    if (ui?.kind === "picker" && text === undefined) this.#note(await this.#listFor(ui.picker, ui.query));
    if (this.#app.conversation.state().run === null) this.#prompt();
  }

  /** There are no colours here: it is for the next start with a screen. */
  async #keepTheme(theme: string, keep?: () => Promise<string>): Promise<void> {
    const { env, paths } = this.#app;
    choosePaint({ env, theme, themesDir: paths.themesDir, plain: true });
    if (!keep) await this.#app.setTheme(theme);
    this.#note(keep ? await keep() : `Theme: ${theme}`);
  }

  async #listFor(picker: PickerName, query = ""): Promise<string> {
    switch (picker) {
      case "runtime":
        return formatRuntimeStatus(this.#app);
      case "model":
        return formatModels(await listModels(this.#app));
      case "run":
        return `${await this.#app.sessions.tree()}\nGive the number with the command: /rewind RUN`;
      case "snapshot":
        return "/snapshots lists them.";
      case "session":
        return "Give the id with the command: /resume ID (hearth sessions lists them)";
      case "search":
        return query === "" ? "Give the words with the command: /search WORDS" : searchText(this.#app, query);
      case "theme":
      case "permission-mode":
        return `Give the name with the command: /${picker === "theme" ? picker : "permissions"} NAME`;
      case "role":
        return "Give the name with the command: /role NAME";
      case "system":
        return "/system show prints it.";
      case "tree":
        return this.#app.sessions.tree();
      case "command":
        return "/help lists the commands.";
      case "file":
        return "A file is mentioned as @path.";
      case "changes":
        return "/changes lists them; /apply and /discard settle them.";
      case "prompt":
        return "Earlier prompts are listed on a full screen only.";
    }
  }

  #ask(request: ApprovalRequest): void {
    this.#flush();
    this.#asked = request;
    process.stdout.write(`${this.#voice.question(request).join("\n")}\n`);
  }

  /** y, a, n with a reason behind it; anything else asks again. */
  #answer(request: ApprovalRequest, line: string): void {
    const [, verb = "", reason = ""] = /^(y|yes|a|always|n|no)\b[\s,]*(.*)$/is.exec(line) ?? [];
    const requestId = request.id;
    const send = (message: Parameters<App["conversation"]["send"]>[0]): void => {
      this.#app.conversation.send(message).catch((error: unknown) => this.#fail(error));
    };
    switch (verb[0]?.toLowerCase()) {
      case "y":
        send({ type: "approve", requestId, outcome: "allow_once" });
        break;
      case "a":
        send({ type: "approve", requestId, outcome: request.alwaysRule ? "allow_always" : "allow_once" });
        break;
      case "n":
        send({ type: "approve", requestId, outcome: "reject_once", ...(reason === "" ? {} : { reason }) });
        break;
      default:
        process.stdout.write(this.#voice.prompts.answer);
    }
  }

  /** As on the screen: the first interrupts or warns, a second soon after it leaves. */
  #interrupt(): void {
    const twice = Date.now() - this.#interruptedMs < TWICE_MS;
    this.#interruptedMs = Date.now();
    if (twice) this.#end.resolve(130);
    else if (!isAtWork(this.#app.conversation.state()))
      process.stdout.write(`\nCtrl+C again leaves.\n${this.#voice.prompts.input}`);
    else this.#app.conversation.send({ type: "interrupt" }).catch((error: unknown) => this.#fail(error));
  }

  #note(message: string): void {
    this.#add({ kind: "notice", id: `note-${this.#nextItem++}`, level: "info", message });
  }

  #fail(error: unknown): void {
    this.#add({ kind: "error", id: `error-${this.#nextItem++}`, failure: toFailure(error) });
    this.#prompt();
  }

  #add(item: TranscriptItem): void {
    this.#voice.add(item);
    this.#flush();
  }

  #prompt(): void {
    process.stdout.write(this.#voice.prompts.input);
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const rows = this.#voice.lines();
    if (rows.length > 0) process.stdout.write(`${rows.join("\n")}\n`);
  }

  #view(): ItemView {
    const { env, paths } = this.#app;
    const paint = choosePaint({ env, theme: "dark", themesDir: paths.themesDir, plain: true });
    const width = Math.max(20, (process.stdout.columns || 80) - 1);
    return { ...paint, width, moreHint: "", expanded: false, nowMs: Date.now() };
  }
}

function formatModels(models: readonly Model[]): string {
  const names = models.slice(0, SHOWN_MODELS).map(({ vendor, id }) => `${vendor}/${id}`);
  const more = models.length - names.length;
  const rest = more > 0 ? [`and ${more} more (hearth models lists them)`] : [];
  return [...names, ...rest, "Give the name with the command: /model NAME"].join("\n");
}
