// Bytes of a Node stream as a web stream, as protocol libraries take them.
import type { Readable } from "node:stream";

/** Ends with the source. Giving it up closes the source. */
export function byteStream(source: Readable): ReadableStream<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { value, done } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => {
      source.destroy();
    },
  });
}
