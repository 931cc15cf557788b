// Fragment: text with tokens, short labels that stand for a long paste or an image file.

export type Attachment = { kind: "paste"; text: string } | { kind: "image"; path: string };

/** A label at offsets [start, end). An atom: no cursor stands inside, it is deleted as one. */
type Token = { readonly start: number; readonly end: number; readonly attachment: Attachment };

/** Offsets of tokens count from the start of `text`; they are in order and do not overlap. */
export type Fragment = { readonly text: string; readonly tokens: readonly Token[] };

export const EMPTY_FRAGMENT: Fragment = { text: "", tokens: [] };

export function plainFragment(text: string): Fragment {
  return { text, tokens: [] };
}

/** The whole text is the label. */
export function tokenFragment(label: string, attachment: Attachment): Fragment {
  return { text: label, tokens: [{ start: 0, end: label.length, attachment }] };
}

/** `piece` in place of [start, end). A token that is cut into becomes ordinary text. */
export function replaceRange(fragment: Fragment, [start, end]: Range, piece: Fragment): Fragment {
  const text = fragment.text.slice(0, start) + piece.text + fragment.text.slice(end);
  const grown = piece.text.length - (end - start);
  const tokens = [
    ...fragment.tokens.filter((token) => token.end <= start),
    ...piece.tokens.map((token) => shifted(token, start)),
    ...fragment.tokens.filter((token) => token.start >= end).map((token) => shifted(token, grown)),
  ];
  return { text, tokens };
}

/** Offsets [start, end) of a text. */
export type Range = readonly [start: number, end: number];

export function sliceFragment({ text, tokens }: Fragment, [start, end]: Range): Fragment {
  return {
    text: text.slice(start, end),
    tokens: tokens
      .filter((token) => token.start >= start && token.end <= end)
      .map((token) => shifted(token, -start)),
  };
}

export function joinFragments(first: Fragment, second: Fragment): Fragment {
  return replaceRange(first, [first.text.length, first.text.length], second);
}

/** The text with those of the tokens whose labels are still in it, each at its first place. */
export function attachTokens(text: string, labels: Fragment): Fragment {
  const tokens = labels.tokens
    .map((token) => {
      const label = labels.text.slice(token.start, token.end);
      const start = text.indexOf(label);
      return { ...token, start, end: start + label.length };
    })
    .filter(({ start }) => start !== -1)
    .sort((first, second) => first.start - second.start);
  return { text, tokens: tokens.filter(({ start }, index) => start >= (tokens[index - 1]?.end ?? 0)) };
}

/** What the labels stand for, exactly; an image keeps its label. */
export function expandFragment({ text, tokens }: Fragment): string {
  let expanded = "";
  let from = 0;
  for (const { start, end, attachment } of tokens) {
    if (attachment.kind !== "paste") continue;
    expanded += text.slice(from, start) + attachment.text;
    from = end;
  }
  return expanded + text.slice(from);
}

/** Paths of the images, in the order of the text. */
export function imagePathsIn({ tokens }: Fragment): string[] {
  return tokens.flatMap(({ attachment }) => (attachment.kind === "image" ? [attachment.path] : []));
}

function shifted(token: Token, by: number): Token {
  return by === 0 ? token : { ...token, start: token.start + by, end: token.end + by };
}
