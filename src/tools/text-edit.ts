// A wished and a found change of a text. Types only.

/** `oldText` becomes `newText`: at its one place, or everywhere with `replaceAll`. */
export type Edit = { oldText: string; newText: string; replaceAll?: boolean };

/** [start, end) of the original, in UTF-16 units, becomes `text`. */
export type Replacement = { start: number; end: number; text: string };
