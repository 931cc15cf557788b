// What a git command would destroy. Pure; knows git's options, also shortened (`--forc`) and clustered (`-qf`).

const VALUE_OPTIONS = new Set([
  "-C",
  "-c",
  "--git-dir",
  "--work-tree",
  "--namespace",
  "--config-env",
  "--super-prefix",
]);

type GitCommand = { subcommand: string; args: readonly string[]; settings: readonly string[] };

/** `words` after the program. The subcommand in lower case, with `-c` settings beside it. */
export function readGitCommand(words: readonly string[]): GitCommand {
  const settings: string[] = [];
  let index = 0;
  for (; index < words.length; index++) {
    const word = words[index] ?? "";
    if (!word.startsWith("-")) break;
    if (word === "-c") settings.push(words[index + 1] ?? "");
    else if (word.startsWith("-c")) settings.push(word.slice(2));
    if (VALUE_OPTIONS.has(word)) index++;
  }
  return { subcommand: (words[index] ?? "").toLowerCase(), args: words.slice(index + 1), settings };
}

/** Settings and variables that make git run another program. */
const PROGRAM_SETTING =
  /^(?:alias\.|core\.(?:sshcommand|pager|editor|fsmonitor|hookspath)|.*\.(?:command|cmd|textconv|process|clean|smudge)=|credential\.)/i;
export const GIT_PROGRAM_VARIABLE =
  /^GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|CONFIG.*|EXTERNAL_DIFF|PAGER|EDITOR|ASKPASS|PROXY_COMMAND|EXEC_PATH)$/;

/** Sentences without a subject: "throws away uncommitted changes". Empty: nothing is lost. */
export function gitWarnings(words: readonly string[]): string[] {
  const git = readGitCommand(words);
  const warnings = git.settings.some((setting) => PROGRAM_SETTING.test(setting))
    ? ["changes what git itself runs"]
    : [];
  if (has(git.args, "--help", "h")) return warnings;
  const loss = LOSSES.get(git.subcommand)?.(git.args);
  return loss ? [...warnings, loss] : warnings;
}

const DISCARDS = "throws away uncommitted changes";
const REWRITES = "rewrites history";

type Loss = (args: readonly string[]) => string | null | undefined | false;

const LOSSES: ReadonlyMap<string, Loss> = new Map<string, Loss>([
  ["reset", (args) => (has(args, "--hard") || has(args, "--merge") || has(args, "--keep")) && DISCARDS],
  ["checkout", checkoutLoss],
  ["restore", restoreLoss],
  ["switch", (args) => (has(args, "--force", "f") || has(args, "--discard-changes")) && DISCARDS],
  ["clean", (args) => !has(args, "--dry-run", "n") && has(args, "--force", "f") && "deletes untracked files"],
  ["rm", rmLoss],
  ["push", pushLoss],
  ["branch", branchLoss],
  ["tag", (args) => has(args, "--delete", "d") && "deletes a tag"],
  ["stash", (args) => /^(?:drop|clear)$/.test(args[0] ?? "") && "deletes stashed changes"],
  [
    "worktree",
    (args) => args[0] === "remove" && has(args, "--force", "f") && "deletes a worktree with changes",
  ],
  ["rebase", (args) => (has(args, "--abort") ? DISCARDS : REWRITES)],
  ["merge", (args) => has(args, "--abort") && DISCARDS],
  ["am", (args) => has(args, "--abort") && DISCARDS],
  ["cherry-pick", (args) => has(args, "--abort") && DISCARDS],
  ["revert", (args) => has(args, "--abort") && DISCARDS],
  ["commit", (args) => has(args, "--amend") && REWRITES],
  ["filter-branch", () => REWRITES],
  ["filter-repo", () => REWRITES],
  ["reflog", (args) => /^(?:expire|delete)$/.test(args[0] ?? "") && "deletes the record of old commits"],
  ["gc", (args) => args.some((arg) => arg.startsWith("--prune")) && "deletes unreachable commits"],
  ["prune", () => "deletes unreachable commits"],
  ["update-ref", (args) => has(args, "--delete", "d") && "deletes a reference"],
]);

/** Options before `--`; a long one may be shortened to four letters, a short one may stand in a cluster. */
function has(args: readonly string[], long: string, short?: string): boolean {
  return options(args).some((arg) => {
    if (!arg.startsWith("--")) return short !== undefined && new RegExp(`^-[^bBcCsUm-]*${short}`).test(arg);
    const name = arg.split("=", 1)[0] ?? arg;
    return name.length >= 5 && long.startsWith(name);
  });
}

function options(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).filter((arg) => /^-./.test(arg));
}

function operands(args: readonly string[]): string[] {
  return args.filter((arg) => !/^-./.test(arg));
}

function checkoutLoss(args: readonly string[]): string | false {
  if (has(args, "--force", "f")) return DISCARDS;
  if (has(args, "--pathspec-from-file")) return "overwrites files with their committed state";
  const dashes = args.indexOf("--");
  if (dashes >= 0) return dashes < args.length - 1 && "overwrites files with their committed state";
  if (/^(?:-[bB]|--orphan|--track|-t)/.test(args.find((arg) => arg.startsWith("-")) ?? "")) return false;
  const names = operands(args);
  return (names.length > 1 || names[0] === ".") && "may overwrite files with their committed state";
}

function restoreLoss(args: readonly string[]): string | false {
  if (args.length === 0 || has(args, "--version")) return false;
  const staged = has(args, "--staged", "S") && !has(args, "--worktree", "W");
  return !staged && DISCARDS;
}

function rmLoss(args: readonly string[]): string | false {
  if (has(args, "--dry-run", "n") || has(args, "--cached")) return false;
  return has(args, "--force", "f") && "deletes files with their changes";
}

function pushLoss(args: readonly string[]): string | false {
  const long = options(args).map((arg) => arg.split("=", 1)[0] ?? "");
  const forced = long.some((arg) => /^--forc?e?$/.test(arg) || /^-[a-z]*f/.test(arg));
  if (forced || operands(args).some((arg) => arg.startsWith("+") || arg.includes(":+")))
    return "force-pushes";
  if (has(args, "--mirror") || has(args, "--prune")) return "force-pushes every branch and tag";
  const deletes = has(args, "--delete", "d") || operands(args).some((arg) => arg.startsWith(":"));
  return deletes && "deletes a remote branch";
}

function branchLoss(args: readonly string[]): string | false {
  const forced = has(args, "--force", "f");
  if (has(args, "--", "D") || (forced && has(args, "--delete", "d")))
    return "deletes a branch that may not be merged";
  return (forced || has(args, "--", "M") || has(args, "--", "C")) && "overwrites a branch";
}
