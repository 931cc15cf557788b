// ResponseBody: tells what kind of answer a service sent by its first bytes, since content types are often wrong.

export type Answer =
  | { type: "empty" }
  | { type: "page"; title: string }
  | { type: "json"; value: unknown }
  /** Known after the end of the body: `marked`, it closed with `[DONE]`; `cutInLine`, it ended in a line. */
  | { type: "events"; response: Response; marked: () => boolean; cutInLine: () => boolean };

type ByteReader = ReadableStreamDefaultReader<Uint8Array>;

/** Blanks, line ends and the bytes of a byte order mark. */
const SKIPPED = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);
const BRACE = 0x7b;
const LESS_THAN = 0x3c;
const TAIL_LENGTH = 16;

/** Throws SyntaxError for broken JSON. On abort the body reads as ended. */
export async function readAnswer(response: Response, signal: AbortSignal): Promise<Answer> {
  const reader: ByteReader | undefined = response.body?.getReader();
  if (reader === undefined) return { type: "empty" };
  // A cancelled body has nothing more to say; its own complaint about that is of no interest.
  signal.addEventListener("abort", () => void reader.cancel().catch(() => undefined), { once: true });
  const held: Uint8Array[] = [];
  const first = await firstByte(reader, held);
  if (first === undefined) return { type: "empty" };
  if (first === BRACE) return { type: "json", value: JSON.parse(await restAsText(reader, held)) };
  if (first === LESS_THAN) return { type: "page", title: titleOf(await restAsText(reader, held)) };
  return events(response, reader, held);
}

/** The first byte that is no blank; what was read on the way is held. */
async function firstByte(reader: ByteReader, held: Uint8Array[]): Promise<number | undefined> {
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return undefined;
    held.push(value);
    const byte = value.find((candidate) => !SKIPPED.has(candidate));
    if (byte !== undefined) return byte;
  }
}

async function restAsText(reader: ByteReader, held: Uint8Array[]): Promise<string> {
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return new TextDecoder().decode(Buffer.concat(held));
    held.push(value);
  }
}

function titleOf(page: string): string {
  return /<title>([^<]*)<\/title>/i.exec(page)?.[1]?.trim() ?? "without a title";
}

function events(response: Response, reader: ByteReader, held: Uint8Array[]): Answer {
  let tail = "";
  let ended = false;
  const watch = (bytes: Uint8Array) => {
    tail = (tail + Buffer.from(bytes.subarray(-TAIL_LENGTH)).toString("latin1")).slice(-TAIL_LENGTH);
    return bytes;
  };
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const bytes of held) controller.enqueue(watch(bytes));
    },
    pull: async (controller) => {
      const { value, done } = await reader.read();
      if (!done) return controller.enqueue(watch(value));
      ended = true;
      controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return {
    type: "events",
    response: new Response(body, { headers: response.headers }),
    marked: () => tail.includes("[DONE]"),
    cutInLine: () => ended && !/[\r\n]$/.test(tail),
  };
}
