// Starts the terminal interface: opens the app, draws it with Ink, swaps to the full-screen transcript and back, and
// leaves the terminal as it was.
import { setFlagsFromString } from "node:v8";
import type { App } from "../app/app.ts";
import { COMMANDS } from "../app/commands/table.ts";
import { endedByLeaving } from "../app/process-choice.ts";
import type { ImageContent } from "../protocol/content.ts";
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
import { createStage, type Stage } from "./stage.tsx";

import { createStatusLine } from "./status/status-line.ts";
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
  const screen = new Screen({
    app,
    bindings,
    commands: COMMANDS.map((command) => ({
      ...command,
      complete: () => command.complete?.(app) ?? Promise.resolve([]),
    })),
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
    leave: (code) => ended.resolve({ code, restart: null }),
    restart: (restart) => ended.resolve({ code: 0, restart }),
  });
  const signals = createSignalDoor(app);
  const stage = createStage(screen, createPresser(screen, Date.now), signals);
  const detach = attach(screen, (code) => ended.resolve({ code, restart: null }));
  process.on("SIGTERM", () => ended.resolve({ code: 143, restart: null }));
  process.on("SIGHUP", () => ended.resolve({ code: 129, restart: null }));
  const stopWatching = onTerminalGone(() => ended.resolve({ code: 129, restart: null }));
  screen.show(openingItem(app, screen.view()));
  terminal.stopReading();
  stage.open();
  theme.listen({ onPaint: (paint) => screen.setPaint(paint), onProblem: (line) => screen.say(line) });
  if (opening.problem) screen.show({ kind: "notice", id: "theme", level: "warning", ...opening.problem });
  for (const problem of [...app.warnings, ...bindings.problems, ...statusLine.problems])
    notify(screen, problem);
  const onFailure = (error: unknown) => screen.attempt(() => Promise.reject(error));
  void statusLine.begin({ onChange: () => screen.draw(), onFailure, now: Date.now });
  void signals.open(screen.view().glyphs);
  void loadMarkdown();
  prepareLater(app);
  askForImages(screen.images);
  void app.gitBranch().then((branch) => screen.setBranch(branch));
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

async function closeScreen(screen: Screen, stage: Stage): Promise<void> {
  screen.store.finish();
  await stage.close();
  screen.close();
}

async function begin(screen: Screen, options: TuiOptions): Promise<void> {
  if (needsWelcome(screen.app)) await openLazyScreen(screen, "welcome");
  if (screen.focus().kind !== "composer") return;
  if (options.pickSession) screen.command("/resume");
  else if (options.prompt !== undefined) screen.begin(options.prompt, options.images);
}

/** Follows the conversation, also when it is replaced; gives the function that ends it. */
function attach(screen: Screen, leave: (code: number) => void): () => void {
  const { app } = screen;
  const follow = (): (() => void) => {
    const unsubscribe = app.conversation.subscribe(({ event }) => {
      if (event.type === "queue_returned") screen.composer.restore(event.items.map((item) => item.text));
      if (event.type === "settled" && event.exit) leave(0);
    });
    const detach = screen.store.attach(app.conversation);
    return () => {
      unsubscribe();
      detach();
    };
  };
  let unfollow = follow();
  const stop = app.onConversation((reason) => {
    unfollow();
    unfollow = follow();
    screen.attempt(() => showReplaced(screen, reason));
  });
  return () => {
    unfollow();
    stop();
  };
}

/** A rule that says what the rows under it are, then the branch. */
async function showReplaced(screen: Screen, reason: string): Promise<void> {
  const words = reason === "rewind" ? await rewound(screen.app) : replacement(screen.app, reason);
  const rule = screen.view().glyphs.rule.repeat(2);
  notify(screen, `${rule} ${words} ${rule}`);
  await showSaved(screen);
}

async function rewound({ conversation }: App): Promise<string> {
  const events = await conversation.replay({ lastRuns: Number.MAX_SAFE_INTEGER });
  return `rewound to run ${events.filter((event) => event.type === "run_start").length}`;
}

function replacement({ conversation }: App, reason: string): string {
  const { name } = conversation.state();
  switch (reason) {
    case "new":
      return "a new session; /resume opens the one before";
    case "resume":
      return name === "" ? "resumed" : `resumed ${name}`;
    case "fork":
      return "a copy; the original stays as it is";
    default:
      return reason;
  }
}

/** Runs of a saved session that are shown when it opens; the transcript view and the file have the rest. */
const SHOWN_RUNS = 20;

async function showSaved(screen: Screen): Promise<void> {
  const events = await screen.app.conversation.replay({ lastRuns: SHOWN_RUNS });
  if (events.length > 0) await screen.store.replay(events);
}

function notify(screen: Screen, message: string): void {
  screen.show({ kind: "notice", id: message, level: "info", message });
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
