// The output of a call while it grows. Pure.
import { keepTail, OUTPUT_LIMITS } from "../../lib/truncate.ts";

/** Cut seldom, since cutting takes longer than a piece of output may. */
export function bounded(output: string): string {
  return output.length > 4 * OUTPUT_LIMITS.maxBytes ? keepTail(output).text : output;
}

/** Characters by which the place is found up to which an output was shown. */
const OVERLAP = 200;

/** What of an output was not shown yet: of one that lost its beginning, what follows the newest that was. */
export function unseen(shown: string, output: string): string {
  if (output.startsWith(shown)) return output.slice(shown.length);
  const newest = shown.slice(-OVERLAP);
  const at = output.lastIndexOf(newest);
  return at < 0 ? output : output.slice(at + newest.length);
}
