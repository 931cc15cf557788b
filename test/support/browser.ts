// A real browser for tests: headless Chromium over its DevTools protocol, one page. No driver, no network.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { findProgram } from "../../src/lib/find-program.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** null where there is none. */
export function findBrowser(): string | null {
  const path = process.env.PATH ?? "";
  return NAMES.map((name) => findProgram(name, path)).find((found) => found !== null) ?? null;
}

export interface BrowserPage extends AsyncDisposable {
  /** Sends a command of the protocol to the page. */
  send(method: string, params?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** The value of an expression in the page; a promise is awaited. */
  evaluate(expression: string): Promise<unknown>;
  /** Addresses that the page asked for, and what its console said, both so far. */
  readonly requests: string[];
  readonly complaints: string[];
}

type Answer = {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
};

/** Opens the page at `url` in a window of `width` CSS pixels, once it is loaded. */
export async function openPage(browser: string, url: string, width = 1000): Promise<BrowserPage> {
  const profile = await temporaryFolder();
  const child = spawn(browser, [...FLAGS, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const address = await devToolsAddress(child);
  const list = await (await fetch(`http://${new URL(address).host}/json/list`)).json();
  const target = (list as { type: string; webSocketDebuggerUrl: string }[]).find(
    ({ type }) => type === "page",
  );
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? "");
  await once(socket, "open");
  const page = connect(socket, child);
  await page.send("Page.enable");
  await page.send("Runtime.enable");
  await page.send("Log.enable");
  await page.send("Network.enable");
  await page.send("Emulation.setDeviceMetricsOverride", {
    width,
    height: 800,
    deviceScaleFactor: 1,
    mobile: width < 500,
  });
  await page.send("Page.navigate", { url });
  await page.loaded;
  return page;
}

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-port=0",
];

async function devToolsAddress(child: ChildProcess): Promise<string> {
  if (!child.stderr) throw new Error("the browser has no standard error");
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error("the browser did not start");
}

function connect(socket: WebSocket, child: ChildProcess): BrowserPage & { loaded: Promise<void> } {
  const waiting = new Map<number, (answer: Answer) => void>();
  const requests: string[] = [];
  const complaints: string[] = [];
  const { promise: loaded, resolve } = Promise.withResolvers<void>();
  let count = 0;
  let isNavigated = false;
  socket.addEventListener("message", ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
    if (answer.method === "Page.frameNavigated") isNavigated = true;
    if (answer.method === "Page.loadEventFired" && isNavigated) resolve();
    if (answer.method === "Network.requestWillBeSent")
      requests.push(String((answer.params?.request as { url: string } | undefined)?.url));
    if (answer.method === "Log.entryAdded" || answer.method === "Runtime.exceptionThrown")
      complaints.push(JSON.stringify(answer.params));
  });
  const send: BrowserPage["send"] = (method, params = {}) => {
    const id = ++count;
    const answered = Promise.withResolvers<Record<string, unknown>>();
    waiting.set(id, ({ result, error }) => {
      if (error) answered.reject(new Error(`${method}: ${error.message}`));
      else answered.resolve(result ?? {});
    });
    socket.send(JSON.stringify({ id, method, params }));
    return answered.promise;
  };
  return {
    loaded,
    send,
    requests,
    complaints,
    evaluate: async (expression) => {
      const { result, exceptionDetails } = await send("Runtime.evaluate", {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
      return (result as { value?: unknown }).value;
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, "exit");
      socket.close();
      child.kill("SIGKILL");
      await ended;
    },
  };
}
