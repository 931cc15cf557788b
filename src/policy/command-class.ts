// What a person should know of a shell line before it runs, and whether it provably only reads. Pure.
import { destructiveWarnings } from "./destructive-commands.ts";
import { isInterpreter } from "./embedded-code.ts";
import { isReadOnlyCommand } from "./read-only-commands.ts";
import { isSecretPath, secretMentions } from "./secret-paths.ts";
import { programName, type ShellLine, type SimpleCommand } from "./shell-line.ts";

export type LineClass = {
  /** True: it changes nothing, sends nothing and names no secret. Only then may it run unasked. */
  readOnly: boolean;
  /** What it would destroy: "deletes build", "force-pushes". */
  destructive: string[];
  /** Files it names that may hold secrets, as written. */
  secrets: string[];
  /** Programs in it that send or fetch data. */
  network: string[];
  /** Paths it names outside the workspace, as written. */
  outside: string[];
};

/** `isInside` tells whether a path as written lies in the workspace. */
export function classifyLine(line: ShellLine, isInside: (path: string) => boolean): LineClass {
  const commands = [...line.commands, ...line.embedded];
  const secrets = unique([...commands.flatMap(namedSecrets), ...redirectPaths(line).filter(isSecretPath)]);
  return {
    readOnly: isReadOnlyLine(line),
    destructive: unique(commands.flatMap(destructiveWarnings)),
    secrets,
    network: unique(commands.flatMap((command) => networkUse(command) ?? [])),
    outside: unique([...commands.flatMap(namedPaths), ...redirectPaths(line)]).filter(
      (path) => !isSystemStream(path) && !isInside(path),
    ),
  };
}

/** One line for each thing worth knowing. */
export function describeWarnings(found: LineClass): string[] {
  const list = (label: string, items: readonly string[]) =>
    items.length > 0 ? [label + items.join(", ")] : [];
  return [
    ...found.destructive,
    ...list("names files that may hold secrets: ", found.secrets),
    ...list("uses the network: ", found.network),
    ...list("reaches outside the workspace: ", found.outside),
  ];
}

function isReadOnlyLine(line: ShellLine): boolean {
  if (!line.plain || line.unclear.length > 0 || line.commands.length === 0) return false;
  if (line.redirects.some(({ path, writes }) => path === null || (writes && !isSystemStream(path))))
    return false;
  const commands = line.commands.filter((command) => !command.transparent);
  return (
    commands.length > 0 &&
    commands.every(isReadOnlyCommand) &&
    line.commands.every((command) => command.assignments.length === 0 && allMentions(command).length === 0) &&
    !redirectPaths(line).some(isSecretPath)
  );
}

function allMentions(command: SimpleCommand): string[] {
  return [command.text, ...command.argv].flatMap((text) => (text === null ? [] : secretMentions(text)));
}

/** Programs whose words are text to print or to store, not files to read. */
const TEXT_PROGRAMS = new Set("echo printf gh glab test [ export declare".split(" "));
const SEARCHERS = new Set("grep egrep fgrep rg ag ack".split(" "));

/** Less than `allMentions`: leaves out words that are patterns and prose. */
function namedSecrets(command: SimpleCommand): string[] {
  const name = programName(command);
  if (command.transparent) return [];
  const assigned = command.assignments.flatMap(({ value }) => (value === null ? [] : secretMentions(value)));
  if (name === null || TEXT_PROGRAMS.has(name))
    return command.argv.length > 0 && name !== null ? [] : assigned;
  const words = command.argv.slice(1);
  if (name === "git" && /^(?:commit|log|tag|notes|grep)$/.test(words[0] ?? "")) return [];
  const files = SEARCHERS.has(name) ? withoutPattern(words) : name === "find" ? withoutNames(words) : words;
  const known = files.flatMap((word) => (word === null ? dynamicMentions(command) : secretMentions(word)));
  const code = isInterpreter(name) ? secretMentions(command.text) : [];
  return [...assigned, ...known, ...code];
}

/** A word that holds a variable may still show a file's name: `$HOME/.ssh/id_rsa`. */
function dynamicMentions(command: SimpleCommand): string[] {
  return secretMentions(command.text.replace(/"/g, " "));
}

function withoutPattern<Word extends string | null>(words: readonly Word[]): Word[] {
  const given = words.some((word) => /^(?:-[A-Za-z]*[ef]|--regexp|--file|--files)/.test(word ?? ""));
  let skipNext = !given;
  return words.filter((word, index) => {
    if (/^(?:-e|--regexp)$/.test(words[index - 1] ?? "") || /^(?:-e.|--regexp=)/.test(word ?? ""))
      return false;
    if (!skipNext || word?.startsWith("-") || /^-[ABCm]$/.test(words[index - 1] ?? "")) return true;
    skipNext = false;
    return false;
  });
}

function withoutNames<Word extends string | null>(words: readonly Word[]): Word[] {
  if (words.some((word) => /^-(?:exec|ok|delete)/.test(word ?? ""))) return [...words];
  return words.filter((_, index) => !/^-i?(?:name|path)$/.test(words[index - 1] ?? ""));
}

const NETWORK_PROGRAMS = new Set(
  `curl wget ssh scp sftp ftp telnet nc ncat netcat socat aria2c http https xh rclone gh glab aws gcloud az
   kubectl helm twine`.split(/\s+/),
);

function networkUse(command: SimpleCommand): string | null {
  const name = programName(command);
  if (name === null) return null;
  if (NETWORK_PROGRAMS.has(name)) return name;
  const words = command.argv.slice(1).map((word) => word ?? "");
  if (name === "git") {
    const subcommand = words.find((word) => /^(?:push|fetch|pull|clone|ls-remote)$/.test(word));
    return subcommand ? `git ${subcommand}` : null;
  }
  return name === "rsync" && words.some((word) => /^[\w.@-]+:/.test(word)) ? name : null;
}

/** Words that are paths by their look, and could leave the workspace. */
function namedPaths(command: SimpleCommand): string[] {
  const name = programName(command);
  if (command.transparent || name === null || TEXT_PROGRAMS.has(name)) return [];
  const words = SEARCHERS.has(name) ? withoutPattern(command.argv.slice(1)) : command.argv.slice(1);
  return words
    .filter((word): word is string => word !== null)
    .map((word) => word.replace(/^(?:--?[\w-]+|\w+)=/, ""))
    .filter(
      (word) => /^(?:\/|~|\.\.(?:\/|$))[\w.~@+/-]*$|^[\w.~@+/-]*\/\.\.(?:\/|$)/.test(word) && word !== "/dev",
    );
}

function redirectPaths(line: ShellLine): string[] {
  return line.redirects.flatMap(({ path }) => (path === null ? [] : [path]));
}

export function isSystemStream(path: string): boolean {
  return /^\/dev\/(?:null|stdin|stdout|stderr|tty|fd\/\d+)$/.test(path);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
