// Decides whether images are shown at all: by the settings, by the environment, and by asking the terminal later.
import type { App } from "../../app/app.ts";
import type { ImageSize } from "../../lib/image-size.ts";
import { imageProtocol } from "./image-protocol.ts";
import { InlineImages } from "./inline-images.ts";

/** Null where they are only named. */
export function createImages(
  { env, settings }: Pick<App, "env" | "settings">,
  size: () => { columns: number; rows: number },
  onReady: () => void,
): InlineImages | null {
  // A screen reader reads names, not pictures.
  if (settings.images === "off" || env.INK_SCREEN_READER === "true" || imageProtocol(env) === null)
    return null;
  return new InlineImages({ env, size, onReady });
}

/** After the first frame and the first keys. */
const ASK_MS = 400;
/** Over a slow line an answer takes this long; after it nobody listens. */
const ANSWER_MS = 3_000;

/** The size of a cell in pixels (XTWINOPS 16), then DA1, which every terminal answers: 4 among its numbers is sixel. */
const QUESTION = "\x1b[16t\x1b[c";

/** Asks a terminal of which the environment does not tell what it shows; nothing waits for the answer. */
export function askForImages(images: InlineImages | null): void {
  if (images?.asks() !== true || !process.stdin.isTTY) return;
  const timer = setTimeout(() => {
    const stop = listen((sixel, cell) => {
      if (sixel && cell) images.use("sixel", cell);
    });
    process.stdout.write(QUESTION);
    setTimeout(stop, ANSWER_MS).unref();
  }, ASK_MS);
  timer.unref();
}

/** Ink reads the keyboard and drops what is no key; a listener of "data" is told of what it reads, and takes nothing away. */
function listen(onAnswer: (sixel: boolean, cell: ImageSize | null) => void): () => void {
  let read = "";
  const onData = (data: unknown): void => {
    read = (read + String(data)).slice(-256);
    const attributes = readAttributes(read);
    if (attributes === null) return;
    stop();
    onAnswer(attributes.includes(4), readCell(read));
  };
  const stop = (): void => void process.stdin.off("data", onData);
  process.stdin.on("data", onData);
  return stop;
}

/** The numbers of an answer to DA1; null before it is there. */
function readAttributes(text: string): number[] | null {
  const match = /\x1b\[\?([\d;]+)c/.exec(text);
  return match?.[1] === undefined ? null : match[1].split(";").map(Number);
}

function readCell(text: string): ImageSize | null {
  const match = /\x1b\[6;(\d{1,3});(\d{1,3})t/.exec(text);
  const size = { width: Number(match?.[2] ?? 0), height: Number(match?.[1] ?? 0) };
  return size.width > 0 && size.height > 0 ? size : null;
}
