// The question of the gate: what wants to run, where, why it is asked, and the keys that answer.
import { revealControls } from "../../lib/ansi.ts";
import { textWidth } from "../../lib/text-width.ts";
import { wrapText } from "../../lib/wrap.ts";
import type { ApprovalRequest } from "../../protocol/approval.ts";
import { type KeyNames, keyNames } from "../keys/key-words.ts";
import type { Keybindings } from "../keys/keybindings.ts";
import { type Look, WIDEST_LINE } from "./look.ts";

const SUBJECT_ROWS = 8;

/** `waiting` counts further questions behind this one. `patchRows` is the rendered preview of an edit. */
export type ApprovalView = {
  request: ApprovalRequest;
  waiting: number;
  patchRows: readonly string[];
  bindings: Keybindings;
};

export function approvalRows({ request, waiting, patchRows, bindings }: ApprovalView, look: Look): string[] {
  const { theme, glyphs, width } = look;
  const subject = wrapText(revealControls(request.subject), width - 6, "characters");
  const shown = subject.slice(0, SUBJECT_ROWS);
  const hidden = subject.length - shown.length;
  return [
    heading(request, look),
    ...shown.map((row) => `    ${theme.bold(row)}`),
    ...(hidden > 0 ? [`    ${theme.style.dim(`${glyphs.ellipsis} ${hidden} more rows`)}`] : []),
    ...patchRows.map((row) => `    ${row}`),
    ...request.warnings.flatMap((warning) =>
      wrapText(revealControls(warning), width - 6).map(
        (row, index) => `    ${theme.style.warning(`${index === 0 ? glyphs.warning : " "} ${row}`)}`,
      ),
    ),
    ...wrapText(revealControls(request.reason), width - 4).map((row) => `    ${theme.style.dim(row)}`),
    "",
    ...answerRows(request, keyNames(bindings), look),
    ...(waiting > 0
      ? [`  ${theme.style.dim(`${waiting} more ${waiting === 1 ? "question" : "questions"} after this`)}`]
      : []),
  ];
}

function heading(request: ApprovalRequest, { theme, width }: Look): string {
  const name = revealControls(request.name);
  const place = revealControls(request.place);
  const left = `  ${theme.style.accent(`${name} wants to run`)}`;
  const gap = Math.min(width, WIDEST_LINE) - textWidth(`  ${name} wants to run`) - textWidth(place) - 2;
  return gap > 1 ? `${left}${" ".repeat(gap)}${theme.style.dim(place)}` : left;
}

/** The keys; wrapped by whole answers, so that a narrow window cuts none. */
function answerRows(request: ApprovalRequest, key: KeyNames, { theme, glyphs, width }: Look): string[] {
  const always =
    request.alwaysRule === undefined
      ? []
      : [`${key("approve_always")}  always ${revealControls(request.alwaysRule)}`];
  const edit = request.editable === false ? [] : [`${key("approve_edit")}  edit`];
  const answers = [
    `${key("approve_once")}  once`,
    ...always,
    `${key("approve_reject")}  no, because ${glyphs.ellipsis}`,
    ...edit,
  ];
  const rows: string[] = [];
  let row = "";
  for (const answer of answers) {
    const joined = row === "" ? answer : `${row}    ${answer}`;
    if (row !== "" && textWidth(joined) > width - 4) {
      rows.push(row);
      row = answer;
    } else {
      row = joined;
    }
  }
  rows.push(row);
  return rows.flatMap((text) => wrapText(text, width - 4).map((part) => `  ${theme.style.accent(part)}`));
}
