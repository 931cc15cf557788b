// tmux takes "erase below" from the first cell of the window for a clear screen and moves what stood there into its
// history, where it would stay as a ghost (screen_write_clearendofscreen in tmux). We erase so whenever the live
// region begins in the first row. Erasing from the second cell does the same for the eye.

const ERASE_BELOW = /(?:\x1b\[1?G|\r)\x1b\[0?J/g;
const ERASE_LINE_THEN_BELOW = "\r\x1b[K \x1b[J\r";

/** The same bytes for the eye, without an erase from the first column. */
export function avoidHistoryCopy(data: string): string {
  return data.includes("\x1b[J") ? data.replace(ERASE_BELOW, ERASE_LINE_THEN_BELOW) : data;
}
