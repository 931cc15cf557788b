// Standard output for one writer alone: whatever else writes there, a library's console included, goes to standard error.

/** Call it once, before anything else is loaded. Its writes resolve when the reader has them, and fail when it has gone. */
export function claimStandardOutput(): WritableStream<Uint8Array> {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  return new WritableStream({
    write: (chunk) =>
      new Promise((resolve, reject) => {
        write(chunk, (error) => (error ? reject(error) : resolve()));
      }),
  });
}
