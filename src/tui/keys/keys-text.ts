// The keys as Markdown: what /keys all prints, and docs/keys.md. Pure.
import { type KeyGroup, type KeyRow, keyGroups } from "./key-groups.ts";
import { defaultKeybindings, type Keybindings } from "./keybindings.ts";

/** The document about the keys; made by `npm run docs:keys`, and a test says when it is not up to date. */
export function keysDocument(): string {
  return [
    "# Keys",
    "",
    "Made from the table in `src/tui/keys/keys.ts` by `npm run docs:keys`; do not edit it by hand.",
    "",
    REBINDING,
    "",
    ...keyGroups(defaultKeybindings()).flatMap((group) => [
      `## ${group.title}`,
      "",
      ...tableOf(group, true),
      "",
    ]),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

/** The keys in force, problems first. */
export function keysInForce(bindings: Keybindings, file: string): string {
  return [
    ...bindings.problems.map((problem) => `- ${problem}`),
    ...(bindings.problems.length > 0 ? [""] : []),
    ...keyGroups(bindings).flatMap((group) => [`**${group.title}**`, "", ...tableOf(group, false), ""]),
    `Changed keys are marked. ${file} rebinds: \`{"transcript": ["ctrl+t"]}\`.`,
  ].join("\n");
}

const REBINDING = `\`keybindings.json\` in the settings folder (\`~/.config/hearth\`, or \`HEARTH_HOME\`) rebinds: names of actions to
lists of keys, comments allowed. An action that is named there has these keys and no others; an empty list leaves it
without one. A key that two actions of one place want is named at the start and by \`/keys\`.

\`\`\`json
{
  // Ctrl+T as well as Ctrl+O opens the transcript; nothing draws the screen again.
  "transcript": ["ctrl+t", "ctrl+o"],
  "redraw": []
}
\`\`\`

Modifiers are \`ctrl\`, \`alt\`, \`shift\` and \`super\`; keys are characters and \`enter escape tab space backspace delete up
down left right home end pageup pagedown\`. Some chords reach the program only from terminals that speak the kitty
keyboard protocol (\`shift+enter\`, \`ctrl+enter\`).`;

function tableOf({ rows }: KeyGroup, withActions: boolean): string[] {
  const head = withActions ? ["Keys", "What they do", "Action"] : ["Keys", "What they do"];
  return [head, head.map(() => "---"), ...rows.map((row) => cellsOf(row, withActions))].map(
    (cells) => `| ${cells.join(" | ")} |`,
  );
}

function cellsOf({ action, keys, summary, instead }: KeyRow, withActions: boolean): string[] {
  const shown = keys.map(code).join(" ") || "none";
  const mark =
    instead === null ? "" : ` (changed; \`${action}\` had ${instead.map(code).join(" ") || "none"})`;
  return [shown, escapeCell(summary) + mark, ...(withActions ? [`\`${action}\``] : [])];
}

function code(key: string): string {
  return `\`${escapeCell(key)}\``;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}
