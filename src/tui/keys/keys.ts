// The one table of what keys do. Nothing else in the terminal interface tests for a key.

/**
 * Where a key means something, most specific first: while a call runs that can go to the background, a list above the
 * input, the prompt search, the queue, background processes, an approval, a picker, its yes-or-no, the transcript view
 * and the search in it, the input itself, and everywhere. `vim_insert` and `vim_normal`: the input in vim mode; the
 * letters of normal mode are a language and stand in editor/vim/grammar.ts.
 */
export type KeyPlace =
  | "running"
  | "completion"
  | "search"
  | "queue"
  | "processes"
  | "approval"
  | "picker"
  | "confirm"
  | "transcript"
  | "transcript_search"
  | "vim_insert"
  | "vim_normal"
  | "composer"
  | "everywhere";

type KeyEntry = { action: string; keys: readonly string[]; where: KeyPlace; summary: string };

const EVERYWHERE = [
  {
    action: "interrupt",
    keys: ["escape"],
    where: "everywhere",
    summary: "interrupt; twice on an empty input: the tree",
  },
  {
    action: "clear_or_leave",
    keys: ["ctrl+c"],
    where: "everywhere",
    summary: "clear the input; twice: leave",
  },
  { action: "cycle_mode", keys: ["shift+tab"], where: "everywhere", summary: "next permission mode" },
  { action: "transcript", keys: ["ctrl+o"], where: "everywhere", summary: "open the transcript" },
  { action: "palette", keys: ["ctrl+p"], where: "everywhere", summary: "all commands" },
  { action: "suspend", keys: ["ctrl+z"], where: "everywhere", summary: "to the background (fg returns)" },
  { action: "redraw", keys: ["ctrl+l"], where: "everywhere", summary: "draw the screen again" },
] as const satisfies readonly KeyEntry[];

const RUNNING = [
  {
    action: "background",
    keys: ["ctrl+b"],
    where: "running",
    summary: "let the command that runs go on in the background",
  },
] as const satisfies readonly KeyEntry[];

const COMPOSER = [
  { action: "submit", keys: ["enter"], where: "composer", summary: "send, or steer while a run is active" },
  {
    action: "newline",
    keys: ["shift+enter", "ctrl+j", "ctrl+enter"],
    where: "composer",
    summary: "new line",
  },
  { action: "follow_up", keys: ["alt+enter"], where: "composer", summary: "queue a follow-up" },
  {
    action: "steer_now",
    keys: ["ctrl+s"],
    where: "composer",
    summary: "steer now: cancel the running tools",
  },
  {
    action: "leave_if_empty",
    keys: ["ctrl+d"],
    where: "composer",
    summary: "leave, or delete the next character",
  },
  { action: "complete", keys: ["tab"], where: "composer", summary: "complete a command or a file" },
  {
    action: "expand_paste",
    keys: ["alt+e"],
    where: "composer",
    summary: "show a folded paste in full (Tab on it too)",
  },
  { action: "paste_image", keys: ["ctrl+v"], where: "composer", summary: "paste the image in the clipboard" },
  { action: "search_history", keys: ["ctrl+r"], where: "composer", summary: "search earlier prompts" },
  { action: "external_editor", keys: ["ctrl+g"], where: "composer", summary: "write in $EDITOR" },
  { action: "queue_edit", keys: ["alt+up"], where: "composer", summary: "edit the queue" },
] as const satisfies readonly KeyEntry[];

const EDITING = [
  { action: "cursor_left", keys: ["left", "ctrl+b"], where: "composer", summary: "a character back" },
  { action: "cursor_right", keys: ["right", "ctrl+f"], where: "composer", summary: "a character forward" },
  {
    action: "cursor_up",
    keys: ["up"],
    where: "composer",
    summary: "a row up, or an earlier prompt",
  },
  {
    action: "cursor_down",
    keys: ["down", "ctrl+n"],
    where: "composer",
    summary: "a row down, or a later prompt",
  },
  {
    action: "word_left",
    keys: ["alt+b", "ctrl+left", "alt+left"],
    where: "composer",
    summary: "a word back",
  },
  {
    action: "word_right",
    keys: ["alt+f", "ctrl+right", "alt+right"],
    where: "composer",
    summary: "a word forward",
  },
  { action: "line_start", keys: ["ctrl+a", "home"], where: "composer", summary: "start of the line" },
  { action: "line_end", keys: ["ctrl+e", "end"], where: "composer", summary: "end of the line" },
  { action: "text_start", keys: ["ctrl+home", "alt+<"], where: "composer", summary: "start of the text" },
  { action: "text_end", keys: ["ctrl+end", "alt+>"], where: "composer", summary: "end of the text" },
  {
    action: "delete_back",
    keys: ["backspace", "shift+backspace", "ctrl+h"],
    where: "composer",
    summary: "delete back",
  },
  { action: "delete_forward", keys: ["delete"], where: "composer", summary: "delete forward" },
  { action: "kill_to_end", keys: ["ctrl+k"], where: "composer", summary: "cut to the end of the line" },
  { action: "kill_to_start", keys: ["ctrl+u"], where: "composer", summary: "cut to the start of the line" },
  {
    action: "kill_word_back",
    keys: ["alt+backspace", "ctrl+backspace"],
    where: "composer",
    summary: "cut a word back",
  },
  { action: "kill_blank_back", keys: ["ctrl+w"], where: "composer", summary: "cut back to a blank" },
  {
    action: "kill_word_forward",
    keys: ["alt+d", "ctrl+delete", "alt+delete"],
    where: "composer",
    summary: "cut a word forward",
  },
  { action: "yank", keys: ["ctrl+y"], where: "composer", summary: "paste what was cut" },
  { action: "yank_pop", keys: ["alt+y"], where: "composer", summary: "paste what was cut before that" },
  { action: "transpose", keys: ["ctrl+t"], where: "composer", summary: "swap two characters" },
  { action: "word_upper", keys: ["alt+u"], where: "composer", summary: "the word in capitals" },
  { action: "word_lower", keys: ["alt+l"], where: "composer", summary: "the word in small letters" },
  { action: "word_capital", keys: ["alt+c"], where: "composer", summary: "the word with a capital" },
  { action: "undo", keys: ["ctrl+_", "ctrl+/", "ctrl+shift+-"], where: "composer", summary: "undo" },
  { action: "redo", keys: ["alt+_", "alt+shift+-", "ctrl+shift+z"], where: "composer", summary: "redo" },
] as const satisfies readonly KeyEntry[];

const VIM = [
  {
    action: "vim_normal_mode",
    keys: ["escape", "ctrl+["],
    where: "vim_insert",
    summary: "vim: to normal mode",
  },
  {
    action: "vim_cancel",
    keys: ["escape", "ctrl+[", "ctrl+c"],
    where: "vim_normal",
    summary: "vim: drop the command or the selection",
  },
  { action: "vim_redo", keys: ["ctrl+r"], where: "vim_normal", summary: "vim: redo" },
  {
    action: "vim_block",
    keys: ["ctrl+v", "ctrl+q"],
    where: "vim_normal",
    summary: "vim: select a block",
  },
  { action: "vim_back", keys: ["backspace"], where: "vim_normal", summary: "vim: a character back" },
] as const satisfies readonly KeyEntry[];

const ABOVE_INPUT = [
  { action: "completion_accept", keys: ["tab", "enter"], where: "completion", summary: "take it" },
  { action: "completion_next", keys: ["down", "ctrl+n"], where: "completion", summary: "next" },
  { action: "completion_previous", keys: ["up", "ctrl+p"], where: "completion", summary: "previous" },
  { action: "completion_close", keys: ["escape"], where: "completion", summary: "close the list" },
  { action: "search_older", keys: ["ctrl+r", "up", "ctrl+p"], where: "search", summary: "next match" },
  { action: "search_newer", keys: ["ctrl+s", "down", "ctrl+n"], where: "search", summary: "previous match" },
  { action: "search_accept", keys: ["enter", "tab", "right"], where: "search", summary: "into the input" },
  { action: "search_delete", keys: ["backspace"], where: "search", summary: "shorten the query" },
  {
    action: "search_close",
    keys: ["escape", "ctrl+g", "ctrl+c"],
    where: "search",
    summary: "back to the draft",
  },
  { action: "queue_next", keys: ["down"], where: "queue", summary: "next item" },
  { action: "queue_previous", keys: ["up"], where: "queue", summary: "previous item" },
  { action: "queue_take", keys: ["enter"], where: "queue", summary: "edit it in the input" },
  { action: "queue_change", keys: ["ctrl+e"], where: "queue", summary: "edit it in its place" },
  { action: "queue_drop", keys: ["ctrl+x", "delete"], where: "queue", summary: "drop it" },
  { action: "queue_move_up", keys: ["alt+up"], where: "queue", summary: "move it up" },
  { action: "queue_move_down", keys: ["alt+down"], where: "queue", summary: "move it down" },
  { action: "queue_kind", keys: ["tab"], where: "queue", summary: "steer or follow-up" },
  { action: "queue_now", keys: ["ctrl+s"], where: "queue", summary: "steer now" },
  { action: "queue_close", keys: ["escape"], where: "queue", summary: "back to the input" },
  { action: "process_next", keys: ["down"], where: "processes", summary: "next, or a row down" },
  { action: "process_previous", keys: ["up"], where: "processes", summary: "previous, or a row up" },
  { action: "process_read", keys: ["enter"], where: "processes", summary: "read its output, or back" },
  { action: "process_page_down", keys: ["pagedown"], where: "processes", summary: "a page down" },
  { action: "process_page_up", keys: ["pageup"], where: "processes", summary: "a page up" },
  { action: "process_oldest", keys: ["home"], where: "processes", summary: "its first row" },
  { action: "process_newest", keys: ["end"], where: "processes", summary: "its newest row" },
  { action: "process_end", keys: ["ctrl+x", "delete"], where: "processes", summary: "end it" },
  { action: "process_end_all", keys: ["alt+x"], where: "processes", summary: "end all (twice)" },
  { action: "process_close", keys: ["escape"], where: "processes", summary: "back" },
  { action: "approve_once", keys: ["y"], where: "approval", summary: "allow once" },
  { action: "approve_always", keys: ["a"], where: "approval", summary: "always allow" },
  { action: "approve_reject", keys: ["n"], where: "approval", summary: "refuse, with a reason" },
  { action: "approve_edit", keys: ["e"], where: "approval", summary: "edit before it runs" },
] as const satisfies readonly KeyEntry[];

const FULL_SCREEN = [
  { action: "picker_next", keys: ["down", "ctrl+n"], where: "picker", summary: "next" },
  { action: "picker_previous", keys: ["up", "ctrl+p"], where: "picker", summary: "previous" },
  { action: "picker_page_down", keys: ["pagedown"], where: "picker", summary: "a page down" },
  { action: "picker_page_up", keys: ["pageup"], where: "picker", summary: "a page up" },
  { action: "picker_first", keys: ["home"], where: "picker", summary: "the first" },
  { action: "picker_last", keys: ["end"], where: "picker", summary: "the last" },
  { action: "picker_choose", keys: ["enter"], where: "picker", summary: "choose" },
  {
    action: "picker_delete",
    keys: ["backspace", "shift+backspace", "ctrl+h"],
    where: "picker",
    summary: "shorten the filter",
  },
  {
    action: "picker_delete_word",
    keys: ["ctrl+w", "alt+backspace", "ctrl+backspace"],
    where: "picker",
    summary: "a word less in the filter",
  },
  { action: "picker_clear", keys: ["ctrl+u"], where: "picker", summary: "clear the filter" },
  { action: "picker_fork", keys: ["ctrl+f"], where: "picker", summary: "go on in a copy" },
  { action: "picker_rename", keys: ["ctrl+r"], where: "picker", summary: "give it a name" },
  { action: "picker_search", keys: ["ctrl+s"], where: "picker", summary: "search what was said" },
  { action: "picker_remove", keys: ["ctrl+d", "delete"], where: "picker", summary: "delete it" },
  { action: "picker_other", keys: ["tab"], where: "picker", summary: "more of them, or another use" },
  { action: "picker_close", keys: ["escape", "ctrl+c"], where: "picker", summary: "leave" },
  { action: "confirm_yes", keys: ["y"], where: "confirm", summary: "do it; any other key does not" },
  { action: "transcript_down", keys: ["down"], where: "transcript", summary: "a row down" },
  { action: "transcript_up", keys: ["up"], where: "transcript", summary: "a row up" },
  { action: "transcript_next", keys: ["j"], where: "transcript", summary: "the next item" },
  { action: "transcript_previous", keys: ["k"], where: "transcript", summary: "the item before" },
  {
    action: "transcript_page_down",
    keys: ["pagedown", "ctrl+f"],
    where: "transcript",
    summary: "a page down",
  },
  {
    action: "transcript_page_up",
    keys: ["pageup", "b", "ctrl+b"],
    where: "transcript",
    summary: "a page up",
  },
  { action: "transcript_start", keys: ["home", "g"], where: "transcript", summary: "the first row" },
  { action: "transcript_end", keys: ["end", "G"], where: "transcript", summary: "the newest row" },
  { action: "transcript_prompt_before", keys: ["["], where: "transcript", summary: "the prompt before" },
  { action: "transcript_prompt_after", keys: ["]"], where: "transcript", summary: "the next prompt" },
  { action: "transcript_search", keys: ["/"], where: "transcript", summary: "search" },
  { action: "transcript_match_after", keys: ["n"], where: "transcript", summary: "the next match" },
  { action: "transcript_match_before", keys: ["N"], where: "transcript", summary: "the match before" },
  { action: "transcript_fold", keys: ["space", "enter"], where: "transcript", summary: "fold or unfold" },
  { action: "transcript_fold_all", keys: ["f"], where: "transcript", summary: "fold or unfold all" },
  { action: "transcript_copy", keys: ["y"], where: "transcript", summary: "copy the item" },
  { action: "transcript_copy_code", keys: ["c"], where: "transcript", summary: "copy its code block" },
  { action: "transcript_diff", keys: ["d"], where: "transcript", summary: "what the call changed" },
  { action: "transcript_rewind", keys: ["r"], where: "transcript", summary: "go back to a run" },
  { action: "transcript_tree", keys: ["t"], where: "transcript", summary: "the tree of the session" },
  {
    action: "transcript_close",
    keys: ["q", "escape", "ctrl+o", "ctrl+c"],
    where: "transcript",
    summary: "back",
  },
  { action: "find_accept", keys: ["enter"], where: "transcript_search", summary: "search" },
  { action: "find_delete", keys: ["backspace"], where: "transcript_search", summary: "shorten the query" },
  { action: "find_clear", keys: ["ctrl+u"], where: "transcript_search", summary: "empty the query" },
  {
    action: "find_close",
    keys: ["escape", "ctrl+c", "ctrl+g"],
    where: "transcript_search",
    summary: "no search",
  },
] as const satisfies readonly KeyEntry[];

export const KEY_ACTIONS = [
  ...EVERYWHERE,
  ...RUNNING,
  ...COMPOSER,
  ...EDITING,
  ...VIM,
  ...ABOVE_INPUT,
  ...FULL_SCREEN,
] as const;

export type KeyAction = (typeof KEY_ACTIONS)[number]["action"];
