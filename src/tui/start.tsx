// Starts the terminal interface: opens the app, draws it with Ink, swaps to the full-screen transcript and back, and
// leaves the terminal as it was.
import { setFlagsFromString } from "node:v8";
import type { App } from "../app/app.ts";
import { endedByLeaving } from "../app/process-choice.ts";
import type { ImageContent } from "../protocol/content.ts";
import { commandEntries } from "./command-entries.ts";
import type { Restart } from "./desk.ts";
import { holdKeys, releaseKeys } from "./held-keys.ts";
import { askForImages, createImages } from "./images/create-images.ts";
import { readKeybindings } from "./keys/keybindings.ts";
import { loadMarkdown } from "./markdown/render-markdown.ts";
import { startPlain } from "./plain/start-plain.ts";
import { createPresser } from "./press.ts";
import { Screen } from "./screen.ts";
import { openLazyScreen } from "./screens/lazy-screens.ts";
import { needsWelcome, openingItem, resumeHint } from "./screens/opening.ts";
import { askReadOnly } from "./screens/read-only.ts";
import { followConversation, notify, showSaved } from "./shown-session.ts";
import { createStage, type Stage } from "./stage.tsx";
import { createStatusLine, type StatusLine } from "./status/status-line.ts";
import { createSignalDoor } from "./terminal/open-signals.ts";
import { askTerminal, type TerminalAsking } from "./terminal/open-theme.ts";
import { onTerminalGone } from "./terminal-gone.ts";

export type TuiOptions = {
  /** Opens the app; `demo` on the example project. */
  openApp: (demo: boolean) => Promise<App>;
  /** The first message. */
  prompt?: string;
  images: ImageContent[];
  plain: boolean;
  /** Of the process: which terminal this is. */
  env: Readonly<Record<string, string | undefined>>;
  /** Begin with the list of saved sessions. */
  pickSession: boolean;
};

/** `session`: the one to start anew for; null when the person left. */
export type TuiEnd = { code: number; session: string | null };

/** Runs until the person leaves. */
export async function startTui(options: TuiOptions): Promise<TuiEnd> {
  if (options.plain) {
    const app = await options.openApp(false);
    const code = await startPlain({ ...options, app, spoken: app.settings.screenReader === true });
    return { code, session: null };
  }
  // Before anything slow: what is typed meanwhile waits for the first frame and is not echoed into it.
  holdKeys();
  const terminal = askTerminal(options.env);
  try {
    return await runScreens(options, terminal);
  } finally {
    terminal.close();
    releaseKeys();
  }
}

async function runScreens(options: TuiOptions, terminal: TerminalAsking): Promise<TuiEnd> {
  let next: { demo: boolean } | null = { demo: false };
  let code = 0;
  let first = true;
  while (next) {
    const app = await options.openApp(next.demo);
    if (app.settings.screenReader === true) {
      await terminal.handOver();
      releaseKeys();
      return { code: await startPlain({ ...options, app, spoken: true }), session: null };
    }
    const end: SessionEnd = await runScreen(
      app,
      terminal,
      first ? options : { ...options, images: [], pickSession: false },
    );
    if (typeof end.restart === "object" && end.restart !== null)
      return { code: 0, session: end.restart.session };
    next = end.restart === null ? null : { demo: end.restart === "demo" };
    code = end.code;
    first = false;
  }
  return { code, session: null };
}

type SessionEnd = { code: number; restart: Restart | null };

async function runScreen(app: App, terminal: TerminalAsking, options: TuiOptions): Promise<SessionEnd> {
  const { paths, env } = app;
  const theme = terminal.theme({ env, themesDir: paths.themesDir });
  const bindings = await readKeybindings(paths.keybindingsFile);
  const ended = Promise.withResolvers<SessionEnd>();
  const size = () => ({ columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 });
  const opening = await theme.open(app.theme);
  const statusLine = createStatusLine(app);
  const commands = commandEntries(app);
  const screen = new Screen({
    app,
    bindings,
    commands: commands.entries,
    refreshCommands: commands.refresh,
    paint: opening.paint,
    statusLine,
    repaint: (name) => theme.choose(name),
    size,
    now: Date.now,
    images: createImages(app, size, () => screen.store.flush()),
    copy: (text) => screen.attempt(() => copy(text, app)),
    openTranscript: () => stage.openTranscript(),
    openEditor: () => stage.openEditor(),
    editFile: (file) => stage.editFile(file),
    redraw: () => stage.redraw(),
    suspend: () => stage.suspend(),
    leave: (code) => leave(code),
    restart: (restart) => ended.resolve({ code: 0, restart }),
  });
  const signals = createSignalDoor(app);
  const stage = createStage(screen, createPresser(screen, Date.now), signals);
  const leave = (code: number): void => ended.resolve({ code, restart: null });
  const detach = followConversation(screen, leave);
  const stopWatching = onEndFromOutside(leave);
  screen.show(openingItem(app, screen.view()));
  terminal.stopReading();
  stage.open();
  theme.listen({ onPaint: (paint) => screen.setPaint(paint), onProblem: (line) => screen.say(line) });
  if (opening.problem) screen.show({ kind: "notice", id: "theme", level: "warning", ...opening.problem });
  for (const problem of [...app.warnings, ...bindings.problems, ...statusLine.problems])
    notify(screen, problem);
  void signals.open(screen.view().glyphs);
  fillIn(screen, statusLine);
  await showSaved(screen);
  await begin(screen, options);
  const end = await ended.promise;
  const endedToo = endedByLeaving(app.processes());
  stopWatching();
  await app.close();
  for (const part of [theme, statusLine, signals]) part.close();
  detach();
  await closeScreen(screen, stage);
  const hint = endedToo + (end.restart === null ? resumeHint(app) : "");
  if (hint !== "") process.stdout.write(`\n${hint}`);
  return end;
}

/** What is not needed for the first frame, and comes into it when it is there. */
function fillIn(screen: Screen, statusLine: StatusLine): void {
  const { app } = screen;
  const onFailure = (error: unknown) => screen.attempt(() => Promise.reject(error));
  void statusLine.begin({ onChange: () => screen.draw(), onFailure, now: Date.now });
  void loadMarkdown();
  prepareLater(app);
  askForImages(screen.images);
  void app.gitBranch().then((branch) => screen.setBranch(branch));
}

/** Signals, and a terminal that is there no more; gives the function that stops watching the terminal. */
function onEndFromOutside(leave: (code: number) => void): () => void {
  process.on("SIGTERM", () => leave(143));
  process.on("SIGHUP", () => leave(129));
  return onTerminalGone(() => leave(129));
}

async function closeScreen(screen: Screen, stage: Stage): Promise<void> {
  screen.store.finish();
  await stage.close();
  screen.close();
}

async function begin(screen: Screen, options: TuiOptions): Promise<void> {
  if (needsWelcome(screen.app)) await openLazyScreen(screen, "welcome");
  if (screen.focus().kind !== "composer") return;
  if (screen.app.conversation.readOnly !== null) {
    screen.composer.setText(options.prompt ?? "");
    askReadOnly(screen);
  } else if (options.pickSession) screen.command("/resume");
  else if (options.prompt !== undefined) screen.begin(options.prompt, options.images);
}

async function copy(text: string, { env, cwd }: App): Promise<void> {
  const { copyToClipboard } = await import("./clipboard.ts");
  const write = (sequence: string): void => void process.stdout.write(sequence);
  await copyToClipboard(text, { env, cwd, platform: process.platform, write });
}

/** After the first frame and the first keys, before the first prompt is likely to be sent. */
const PREPARE_MS = 400;

function prepareLater(app: App): void {
  const timer = setTimeout(() => {
    // V8 would let the space of young objects grow to three times 16 MB, for speed that a program which waits has no
    // use for: measured 20 MB less after fifty answers. Not before: it makes the start itself slower.
    setFlagsFromString("--semi-space-growth-factor=1");
    // What cannot be loaded now is told when it is needed.
    app.preload().catch(() => undefined);
  }, PREPARE_MS);
  timer.unref();
}
