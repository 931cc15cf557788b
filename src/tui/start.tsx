// Starts the terminal interface: opens the app, draws it with Ink, swaps to the full-screen transcript and back, and
// leaves the terminal as it was.
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { App } from "../app/app.ts";
import { COMMANDS } from "../app/commands/table.ts";
import type { TranscriptItem } from "../app/transcript-item.ts";
import { toFailure } from "../lib/app-error.ts";
import type { ImageContent } from "../protocol/content.ts";
import { holdKeys, releaseKeys } from "./held-keys.ts";
import { readKeybindings } from "./keys/keybindings.ts";
import { choosePaint, type Paint } from "./look-of.ts";
import { loadMarkdown } from "./markdown/render-markdown.ts";
import { startPlain } from "./plain/start-plain.ts";
import { createPresser } from "./press.ts";
import { Screen } from "./screen.ts";
import { type Restart, welcome } from "./screens/first-run.ts";
import { openingItem, resumeHint } from "./screens/opening.ts";
import { createStage } from "./stage.tsx";
import { onTerminalGone } from "./terminal-gone.ts";

export type TuiOptions = {
  /** Opens the app; `demo` on the example project. */
  openApp: (demo: boolean) => Promise<App>;
  /** The first message. */
  prompt?: string;
  images: ImageContent[];
  plain: boolean;
  /** Begin with the list of saved sessions. */
  pickSession: boolean;
};

/** Runs until the person leaves; gives the exit code. */
export async function startTui(options: TuiOptions): Promise<number> {
  if (options.plain) return startPlain({ ...options, app: await options.openApp(false) });
  // Before anything slow: what is typed meanwhile waits for the first frame and is not echoed into it.
  holdKeys();
  try {
    return await runScreens(options);
  } finally {
    releaseKeys();
  }
}

async function runScreens(options: TuiOptions): Promise<number> {
  let next: { demo: boolean } | null = { demo: false };
  let code = 0;
  let first = true;
  while (next) {
    const app = await options.openApp(next.demo);
    const end: SessionEnd = await runScreen(
      app,
      first ? options : { ...options, images: [], pickSession: false },
    );
    next = end.restart === null ? null : { demo: end.restart === "demo" };
    code = end.code;
    first = false;
  }
  return code;
}

type SessionEnd = { code: number; restart: Restart | null };

async function runScreen(app: App, options: TuiOptions): Promise<SessionEnd> {
  const { paths, env } = app;
  const paintOf = (theme: string) => choosePaint({ env, theme, themesDir: paths.themesDir, plain: false });
  const bindings = await readKeybindings(paths.keybindingsFile);
  const ended = Promise.withResolvers<SessionEnd>();
  const size = () => ({ columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 });
  const opening = openingPaint(app, paintOf);
  const screen = new Screen({
    app,
    bindings,
    commands: COMMANDS.map((command) => ({
      ...command,
      complete: () => command.complete?.(app) ?? Promise.resolve([]),
    })),
    paint: opening.paint,
    repaint: paintOf,
    size,
    now: Date.now,
    copy: (text) => void process.stdout.write(clipboardSequence(text)),
    openTranscript: () => stage.openTranscript(),
    openEditor: () => stage.openEditor(),
    redraw: () => stage.redraw(),
    suspend: () => stage.suspend(),
    leave: (code) => ended.resolve({ code, restart: null }),
  });
  const stage = createStage(screen, createPresser(screen, Date.now));
  const detach = attach(screen, (code) => ended.resolve({ code, restart: null }));
  process.on("SIGTERM", () => ended.resolve({ code: 143, restart: null }));
  process.on("SIGHUP", () => ended.resolve({ code: 129, restart: null }));
  const stopWatching = onTerminalGone(() => ended.resolve({ code: 129, restart: null }));
  screen.show(openingItem(app, screen.view()));
  stage.open();
  if (opening.problem) screen.show(opening.problem);
  for (const problem of [...app.warnings, ...bindings.problems]) notify(screen, problem);
  void loadMarkdown();
  prepareLater(app);
  void app.gitBranch().then((branch) => screen.setBranch(branch));
  await showSaved(screen);
  begin(screen, options, (restart) => ended.resolve({ code: 0, restart }));
  const end = await ended.promise;
  stopWatching();
  await app.close();
  detach();
  screen.store.flush();
  await stage.close();
  screen.close();
  const hint = end.restart === null ? resumeHint(app) : "";
  if (hint !== "") process.stdout.write(`\n${hint}`);
  return end;
}

/** A theme that cannot be had is no reason not to begin. */
function openingPaint(
  app: App,
  paintOf: (theme: string) => Paint,
): { paint: Paint; problem: TranscriptItem | null } {
  try {
    return { paint: paintOf(app.theme), problem: null };
  } catch (error) {
    const { message } = toFailure(error);
    const file = app.theme.endsWith(".json") ? app.theme : join(app.paths.themesDir, `${app.theme}.json`);
    const hint = `The dark theme is shown instead of ${file}; /theme chooses another.`;
    return {
      paint: paintOf("dark"),
      problem: { kind: "notice", id: "theme", level: "warning", message, hint },
    };
  }
}

function begin(screen: Screen, options: TuiOptions, restart: (why: Restart) => void): void {
  welcome(screen, restart);
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

/** OSC 52: the terminal puts the text into its clipboard, also over ssh. */
function clipboardSequence(text: string): string {
  return `\x1b]52;c;${Buffer.from(text).toString("base64")}\x07`;
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
