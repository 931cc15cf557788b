// Chord: one press of a key with its modifiers, as a word: `ctrl+x`, `alt+enter`, `shift+tab`, `?`.

const MODIFIERS = ["ctrl", "alt", "shift", "super"] as const;
type Modifier = (typeof MODIFIERS)[number];

const MODIFIER_NAMES: Readonly<Record<string, Modifier>> = {
  ctrl: "ctrl",
  control: "ctrl",
  alt: "alt",
  meta: "alt",
  option: "alt",
  shift: "shift",
  super: "super",
  cmd: "super",
  win: "super",
};

/** Keys with a name, by how people call them. Function keys are missing: Ink does not tell of them. */
const KEY_NAMES: Readonly<Record<string, string>> = {
  enter: "enter",
  return: "enter",
  escape: "escape",
  esc: "escape",
  tab: "tab",
  space: "space",
  backspace: "backspace",
  delete: "delete",
  del: "delete",
  up: "up",
  down: "down",
  left: "left",
  right: "right",
  home: "home",
  end: "end",
  pageup: "pageup",
  pagedown: "pagedown",
  pgup: "pageup",
  pgdn: "pagedown",
  pgdown: "pagedown",
};

/** The canonical word: modifiers in a fixed order, then the key. */
export function formatChord(modifiers: ReadonlySet<Modifier>, key: string): string {
  return [...MODIFIERS.filter((modifier) => modifiers.has(modifier)), key].join("+");
}

/** A chord as a person writes it (`Ctrl-X`, `control+x`, `Esc`) in canonical form; null when it is none. */
export function parseChord(text: string): string | null {
  // A character by itself keeps its case: `g` and `G` are two keys.
  if ([...text].length === 1) return text === " " ? "space" : text;
  const parts = /^((?:[a-z]+[+-])*)(.+)$/su.exec(text.trim().toLowerCase());
  if (!parts) return null;
  const modifiers = new Set<Modifier>();
  for (const name of (parts[1] ?? "").split(/[+-]/).slice(0, -1)) {
    const modifier = MODIFIER_NAMES[name];
    if (!modifier) return null;
    modifiers.add(modifier);
  }
  const written = parts[2] ?? "";
  const key = [...written].length === 1 ? written : KEY_NAMES[written];
  return key === undefined ? null : formatChord(modifiers, key === " " ? "space" : key);
}

const SHOWN: Readonly<Record<string, string>> = { escape: "Esc", pageup: "PgUp", pagedown: "PgDn" };

/** A chord for a hint on the screen: `Ctrl+X`, `Alt+Enter`. */
export function showChord(chord: string): string {
  const split = chord.lastIndexOf("+", chord.length - 2);
  const modifiers = split === -1 ? [] : chord.slice(0, split).split("+");
  const key = chord.slice(split + 1);
  const shownKey = SHOWN[key] ?? (modifiers.length === 0 && key.length === 1 ? key : capitalised(key));
  return [...modifiers.map(capitalised), shownKey].join("+");
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
