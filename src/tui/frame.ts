// The frame: all live rows below the scrollback as plain data. Pure, so a screen can be tested without a terminal.

/** Finished rows of at most the window's width less one; `cursor` counts from the first row and column, 0-based. */
export type Frame = { rows: readonly string[]; cursor: { x: number; y: number } | null };

/** What stands directly above the input. In a low window the foot, the answers to a question, is kept longest. */
export type Panel = { above: readonly string[]; body: readonly string[]; foot: readonly string[] };

export type FrameParts = {
  /** What may be cut from its top when space is short: the answer under way. */
  tail: readonly string[];
  /** Queue, approval, picker. */
  panel: Panel;
  composer: Frame;
  /** What just happened or what a key would do, in a row, or in a few where it is long. */
  hint: readonly string[];
  status: string;
};

/** Rows of the window that are never used: Ink takes a frame as tall as the window for a full screen. */
const SPARE_ROWS = 2;

/** Lower windows have no row to spare for air. */
const AIRY_ROWS = 14;

/** Puts the parts together so that the frame is at most `windowRows` - 2 rows high; the input is kept longest. */
export function composeFrame({ tail, panel, composer, hint, status }: FrameParts, windowRows: number): Frame {
  const most = Math.max(1, windowRows - SPARE_ROWS);
  const air = windowRows >= AIRY_ROWS ? [""] : [];
  const input = composer.rows.slice(-most);
  const lost = composer.rows.length - input.length;
  let room = most - input.length;
  const footer = takeLast([...air, ...hint, status], room);
  room -= footer.length;
  const shownPanel = fitPanel(panel, air, room);
  room -= shownPanel.length;
  const gap = room > 0 ? [""] : [];
  const shownTail = takeLast(tail, room - gap.length);
  const above = [...shownTail, ...gap, ...shownPanel];
  const cursor = composer.cursor && { x: composer.cursor.x, y: composer.cursor.y - lost + above.length };
  return { rows: [...above, ...input, ...footer], cursor };
}

/** The foot may begin with an empty row, which goes first. */
function fitPanel({ above, body, foot }: Panel, air: readonly string[], room: number): readonly string[] {
  const whole = [...above, ...body, ...foot];
  if (whole.length === 0) return [];
  if (whole.length <= room || foot.length === 0) return takeFirst([...whole, ...air], room);
  const shownFoot = takeLast(foot[0] === "" ? foot.slice(1) : foot, room);
  const shownBody = takeFirst(body, room - shownFoot.length);
  const shownAbove = takeFirst(above, room - shownFoot.length - shownBody.length);
  return [...shownAbove, ...shownBody, ...shownFoot];
}

function takeLast(rows: readonly string[], count: number): readonly string[] {
  return count <= 0 ? [] : rows.slice(-count);
}

function takeFirst(rows: readonly string[], count: number): readonly string[] {
  return rows.slice(0, Math.max(0, count));
}
