// Tools of other agents that mean the same as one of ours: shown as ours is, under the name that their agent gave them.

type Arguments = Record<string, unknown>;

/** Their names, in lower case and without what parts words, to ours. */
const OURS: Readonly<Record<string, string>> = {
  shell: "bash",
  localshell: "bash",
  execcommand: "bash",
  runshellcommand: "bash",
  bash: "bash",
  readfile: "read",
  read: "read",
  view: "read",
  writefile: "write",
  write: "write",
  createfile: "write",
  edit: "edit",
  multiedit: "edit",
  notebookedit: "edit",
  replace: "edit",
  applypatch: "edit",
  patch: "edit",
  grep: "grep",
  searchfilecontent: "grep",
  grepsearch: "grep",
  glob: "glob",
  find: "glob",
  ls: "ls",
  list: "ls",
  listdirectory: "ls",
  todowrite: "todo",
  writetodos: "todo",
  updateplan: "todo",
};

const PATHS = ["path", "file_path", "filePath", "absolute_path", "notebook_path", "dir_path", "directory"];

/** The name and arguments of a call as one of our tools; as they are where none means the same. */
export function asOurTool(name: string, args: Arguments): { name: string; args: Arguments } {
  const ours = OURS[name.toLowerCase().replace(/[_-]/g, "")];
  if (ours === undefined) return { name, args };
  const path = PATHS.map((key) => args[key]).find((value) => typeof value === "string" && value !== "");
  const found: Arguments = { ...args, ...(path === undefined ? {} : { path }) };
  if (ours === "bash") found.command = commandText(args);
  if (ours === "edit" && path === undefined) found.path = patchedPaths(args);
  return { name: ours, args: found };
}

/** A text, or the words of a command; of a shell that is given its line, the line. */
function commandText(args: Arguments): string {
  const command = args.command ?? args.cmd;
  if (typeof command === "string") return command;
  if (!Array.isArray(command) || !command.every((word) => typeof word === "string")) return "";
  const [shell = "", flag = "", line] = command;
  const isShell = /(?:^|\/)(?:ba|z|da)?sh$/.test(shell) && /^-[a-z]*c$/.test(flag);
  return isShell && line !== undefined ? line : command.join(" ");
}

/** The files that a patch in Codex's form names. */
function patchedPaths(args: Arguments): string {
  const patch = [args.input, args.patch, args.patchText].find((value) => typeof value === "string");
  if (typeof patch !== "string") return "";
  const paths = [...patch.matchAll(/^\*\*\* (?:Add|Update|Delete) File: (.+)$/gm)].map(
    (match) => match[1] ?? "",
  );
  return paths.join(", ");
}
