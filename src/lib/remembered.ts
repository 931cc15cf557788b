// Remembered: a function of a text that is asked for the same texts again and again.

const MOST = 1_000;

/** The same function, which keeps up to 1,000 results; `compute` must depend on the text alone. */
export function remembered(compute: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= MOST) known.clear();
    const result = compute(text);
    known.set(text, result);
    return result;
  };
}
