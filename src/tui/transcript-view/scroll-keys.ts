// The keys that scroll: by how many rows.
import type { KeyAction } from "../keys/keys.ts";

/** Rows down in a window of `height` rows; null for a key that does not scroll by rows. */
export function scrolledRows(action: KeyAction, height: number): number | null {
  switch (action) {
    case "transcript_down":
      return 1;
    case "transcript_up":
      return -1;
    case "transcript_page_down":
      return Math.max(2, height - 1);
    case "transcript_page_up":
      return -Math.max(2, height - 1);
    default:
      return null;
  }
}
