// Makes untrusted text (a model's, a tool's, a file's) harmless for a terminal. The one place that does so.

// ECMA-48: string sequences (DCS, SOS, OSC, PM, APC) run to BEL or ST; one that is not ended within its line
// or 4,096 characters loses only its opening, so that nothing after it is swallowed.
const STRING = String.raw`(?:\x1b[PX\]^_]|[\x90\x98\x9d-\x9f])`;
const STRING_BODY = String.raw`[^\x00-\x1f\x7f-\x9f]{0,4096}`;
const CSI = String.raw`(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}`;
const ESCAPE = String.raw`\x1b[ -/]{0,8}`;
// C0 without tab and newline, DEL, C1, soft hyphen, zero-width space and joiner, marks and overrides of direction,
// byte order mark. Zero-width joiner and non-joiner stay: emoji and several scripts need them.
const INVISIBLE = String.raw`[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]`;

const SUSPECT =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/;
const HARMFUL = new RegExp(
  `${STRING}(?:${STRING_BODY}(?:\\x07|\\x1b\\\\|\\x9c))?|${CSI}[@-~]?|${ESCAPE}[0-~]?|${INVISIBLE}`,
  "g",
);
const UNFINISHED = new RegExp(`(?:${STRING}${STRING_BODY}\\x1b?|${CSI}|${ESCAPE})$`);
/** What the next character may join, also across sequences that are dropped between them. */
const HALF = /[\r\ud800-\udbff]$/;
const REVEALED = new RegExp(INVISIBLE, "g");

/**
 * Drops escape sequences, control and direction characters; carriage returns and Unicode line separators become
 * newlines. Tabs and newlines stay. Lone surrogates become U+FFFD.
 */
export function sanitizeText(text: string): string {
  return SUSPECT.test(text) ? mendText(text.replace(HARMFUL, "")) : text.toWellFormed();
}

function mendText(text: string): string {
  return text.replace(/\r\n?|[\u2028\u2029]/g, "\n").toWellFormed();
}

/** Shows what sanitizeText would drop as `\u001b`: for texts a person has to judge, such as a command to allow. */
export function revealControls(text: string): string {
  if (!SUSPECT.test(text)) return text.toWellFormed();
  return text
    .replace(/\r(?!\n)/g, "\\u000d")
    .replace(/\r\n|[\u2028\u2029]/g, "\n")
    .replace(REVEALED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .toWellFormed();
}

/** sanitizeText for a text that comes in pieces: a sequence cut in two is still one sequence. */
export type TextSanitizer = {
  push(piece: string): string;
  /** What was held back at the end. */
  end(): string;
};

export function createTextSanitizer(): TextSanitizer {
  let held = "";
  let half = "";
  return {
    push(piece) {
      const text = held + piece;
      const cut = text.search(UNFINISHED);
      held = cut === -1 ? "" : text.slice(cut);
      const clean = half + (cut === -1 ? text : text.slice(0, cut)).replace(HARMFUL, "");
      half = HALF.exec(clean)?.[0] ?? "";
      return mendText(clean.slice(0, clean.length - half.length));
    },
    end() {
      const rest = mendText(half + held.replace(HARMFUL, ""));
      held = "";
      half = "";
      return rest;
    },
  };
}
