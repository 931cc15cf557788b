// Reads a bash syntax tree into a flat list of commands and redirections.
import type { Node } from "web-tree-sitter";
import { doubt } from "./shell-doubts.ts";
import type { Assignment, RawCommand, Redirect, ShellWord } from "./shell-line.ts";
import { wordValue } from "./shell-words.ts";

type TreeReading = {
  commands: RawCommand[];
  redirects: Redirect[];
  unclear: Set<string>;
  plain: boolean;
};

/** Node types of a line made of plain words, `|`, `;`, `&&` and `||`. */
const PLAIN = new Set(
  `program list pipeline command command_name word number string string_content raw_string ansi_c_string
   concatenation redirected_statement file_redirect file_descriptor comment`.split(/\s+/),
);
const PLAIN_TOKENS = new Set([
  "|",
  "|&",
  ";",
  "\n",
  "&&",
  "||",
  '"',
  ">",
  "<",
  ">>",
  ">&",
  "&>",
  "&>>",
  ">|",
]);

export function readTree(root: Node): TreeReading {
  const reading: TreeReading = { commands: [], redirects: [], unclear: new Set(), plain: true };
  visit(root, reading);
  return reading;
}

function visit(node: Node, reading: TreeReading): void {
  const reason = doubt(node);
  if (reason !== null) reading.unclear.add(reason);
  if (!(node.isNamed ? PLAIN : PLAIN_TOKENS).has(node.type) && !isOperand(node)) reading.plain = false;
  switch (node.type) {
    case "command":
      readCommand(node, reading);
      break;
    case "declaration_command":
    case "unset_command":
      reading.commands.push({
        argv: node.children.map(declarationWord),
        assignments: readAssignments(node),
        text: node.text,
      });
      break;
    case "variable_assignment":
      if (!isPartOfCommand(node)) {
        reading.commands.push({ argv: [], assignments: [readAssignment(node)], text: node.text });
      }
      break;
    case "file_redirect":
      readRedirect(node, reading);
      break;
    case "redirected_statement":
      if (node.childForFieldName("body")?.type !== "command" && trailingWords(node).length > 0) {
        reading.unclear.add("words follow a redirection where no command takes them");
      }
      break;
  }
  for (const child of node.children) visit(child, reading);
}

/** `==` and the like, which are words when they are arguments. */
function isOperand(node: Node): boolean {
  return !node.isNamed && (node.parent?.type === "command" || node.parent?.type === "concatenation");
}

function readCommand(node: Node, reading: TreeReading): void {
  const parent = node.parent;
  const statement = parent?.type === "redirected_statement" ? parent : null;
  const words = [...commandWords(node), ...(statement ? trailingWords(statement) : [])];
  const redirects = [
    ...node.childrenForFieldName("redirect"),
    ...(statement?.childrenForFieldName("redirect") ?? []),
  ];
  const input = redirects.map(inputText).find((text) => text !== undefined);
  reading.commands.push({
    argv: words.map(wordValue),
    assignments: readAssignments(node),
    text: statement?.text ?? node.text,
    ...(input === undefined ? {} : { input }),
  });
}

function commandWords(node: Node): Node[] {
  const name = node.childForFieldName("name")?.firstChild;
  return [...(name ? [name] : []), ...node.childrenForFieldName("argument")];
}

/** The grammar lets a redirection swallow the words after its file: `git checkout 2>log -- file`. */
function trailingWords(statement: Node): Node[] {
  return statement.childrenForFieldName("redirect").flatMap((redirect) => {
    if (redirect.type === "file_redirect") return redirect.childrenForFieldName("destination").slice(1);
    return redirect.childrenForFieldName("argument");
  });
}

function readRedirect(node: Node, reading: TreeReading): void {
  const operator = node.children.find((child) => !child.isNamed)?.type ?? ">";
  const destination = node.childForFieldName("destination");
  if (!destination) return;
  const path = wordValue(destination);
  const copiesDescriptor = operator.endsWith("&") && path !== null && /^[0-9]+-?$|^-$/.test(path);
  if (copiesDescriptor || destination.type === "process_substitution") return;
  reading.redirects.push({ path, writes: operator !== "<" && operator !== "<&" });
}

/** The text that a here-document or here-string feeds in; undefined for another redirection. */
function inputText(redirect: Node): ShellWord | undefined {
  if (redirect.type === "herestring_redirect") {
    const word = redirect.namedChildren.at(-1);
    return word ? wordValue(word) : null;
  }
  if (redirect.type !== "heredoc_redirect") return undefined;
  const body = redirect.namedChildren.find((child) => child.type === "heredoc_body");
  if (!body) return "";
  return body.namedChildren.some((child) => child.type !== "heredoc_content") ? null : body.text;
}

function isPartOfCommand(assignment: Node): boolean {
  const type = assignment.parent?.type;
  return type === "command" || type === "declaration_command";
}

function readAssignments(command: Node): Assignment[] {
  return command.namedChildren.filter((child) => child.type === "variable_assignment").map(readAssignment);
}

function readAssignment(node: Node): Assignment {
  const value = node.childForFieldName("value");
  return { name: node.childForFieldName("name")?.text ?? "", value: value ? wordValue(value) : "" };
}

function declarationWord(node: Node): ShellWord {
  if (node.type !== "variable_assignment") return wordValue(node);
  const { name, value } = readAssignment(node);
  return value === null ? null : `${name}=${value}`;
}
