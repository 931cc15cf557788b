// What a command would destroy, in a few words for the person who is asked. Pure; a list of known programs.
import { GIT_PROGRAM_VARIABLE, gitWarnings } from "./git-command.ts";
import { programName, type SimpleCommand } from "./shell-line.ts";

/** Sentences without a subject: "deletes build". Empty for what is not known to destroy anything. */
export function destructiveWarnings(command: SimpleCommand): string[] {
  const name = programName(command);
  if (name === null) return [];
  const words = command.argv.slice(1).map((word) => word ?? "…");
  const warnings = command.assignments.some((assignment) => GIT_PROGRAM_VARIABLE.test(assignment.name))
    ? ["changes what git itself runs"]
    : [];
  if (name === "git") return [...warnings, ...gitWarnings(words)];
  const found = EFFECTS.get(name.startsWith("mkfs") ? "mkfs" : name)?.(words);
  return found ? [...warnings, found] : warnings;
}

type Effect = (words: readonly string[]) => string | false | undefined;

const DEVICE = /^(?:\w+=)?\/dev\/(?!null$|stdout$|stderr$|tty$|zero$|u?random$|shm\/)/;
const PUBLISHES = "publishes to a registry";

const EFFECTS: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ["rm", (words) => operands(words).length > 0 && `deletes ${listed(operands(words))}`],
  ["rmdir", (words) => `deletes ${listed(operands(words))}`],
  ["unlink", (words) => `deletes ${listed(operands(words))}`],
  ["shred", (words) => operands(words).length > 0 && `overwrites ${listed(operands(words))} beyond recovery`],
  ["srm", (words) => `deletes ${listed(operands(words))} beyond recovery`],
  ["truncate", (words) => `cuts ${listed(operands(words))}`],
  ["find", (words) => words.some(isFindDelete) && "deletes every file it finds"],
  [
    "dd",
    (words) => words.some((word) => word.startsWith("of=") && DEVICE.test(word)) && "overwrites a device",
  ],
  ["mkfs", (words) => words.some((word) => DEVICE.test(word)) && "formats a device"],
  ["wipefs", () => "erases a device"],
  ["fdisk", () => "changes disk partitions"],
  ["parted", () => "changes disk partitions"],
  ["diskutil", (words) => /^(?:erase|partition|reformat)/i.test(words[0] ?? "") && "erases a disk"],
  ["chmod", (words) => recursive(words) && "changes permissions of whole folders"],
  ["chown", (words) => recursive(words) && "changes owners of whole folders"],
  [
    "rsync",
    (words) => words.some((word) => word.startsWith("--del")) && "deletes files that are not in the source",
  ],
  ["kill", () => "ends processes"],
  ["pkill", () => "ends processes by name"],
  ["killall", () => "ends processes by name"],
  ["shutdown", () => "stops the machine"],
  ["reboot", () => "restarts the machine"],
  ["halt", () => "stops the machine"],
  ["poweroff", () => "stops the machine"],
  ["crontab", (words) => words.includes("-r") && "deletes the crontab"],
  ["dropdb", () => "deletes a database"],
  ["sudo", () => "runs as another user"],
  ["doas", () => "runs as another user"],
  ["su", () => "runs as another user"],
  ["npm", (words) => /^(?:un)?publish$/.test(words[0] ?? "") && PUBLISHES],
  ["pnpm", (words) => words[0] === "publish" && PUBLISHES],
  ["yarn", (words) => (words[0] === "publish" || words.join(" ").startsWith("npm publish")) && PUBLISHES],
  ["cargo", (words) => /^(?:publish|yank)$/.test(words[0] ?? "") && PUBLISHES],
  ["gem", (words) => /^(?:push|yank)$/.test(words[0] ?? "") && PUBLISHES],
  ["twine", (words) => words[0] === "upload" && PUBLISHES],
  ["docker", containerLoss],
  ["podman", containerLoss],
  ["kubectl", (words) => /^(?:delete|drain|replace)$/.test(words[0] ?? "") && "changes a cluster"],
  ["helm", (words) => /^(?:un|delete)/.test(words[0] ?? "") && "removes a release from a cluster"],
  ["terraform", (words) => /^(?:destroy|apply)$/.test(words[0] ?? "") && "changes infrastructure"],
  ["gh", (words) => /^(?:delete|archive)$/.test(words[1] ?? "") && "deletes or archives on GitHub"],
  [
    "aws",
    (words) => words.some((word) => /^(?:rm|rb|delete|terminate)/.test(word)) && "deletes in the cloud",
  ],
  ["gcloud", (words) => words.includes("delete") && "deletes in the cloud"],
  ["psql", sqlLoss],
  ["mysql", sqlLoss],
  ["sqlite3", sqlLoss],
  ["redis-cli", (words) => words.some((word) => /^flush(?:all|db)$/i.test(word)) && "deletes all keys"],
]);

/** Not where `-delete` is the value of the test before it. */
function isFindDelete(word: string, index: number, words: readonly string[]): boolean {
  return (
    word === "-delete" && !/^-(?:i?(?:name|path|regex)|inum|samefile|newer\w*)$/.test(words[index - 1] ?? "")
  );
}

function operands(words: readonly string[]): string[] {
  const end = words.indexOf("--");
  const before = end < 0 ? words : words.slice(0, end);
  return [...before.filter((word) => !/^-./.test(word)), ...(end < 0 ? [] : words.slice(end + 1))];
}

function listed(words: readonly string[]): string {
  const shown = words.slice(0, 3).join(", ");
  return words.length > 3 ? `${shown} and ${words.length - 3} more` : shown || "files";
}

function recursive(words: readonly string[]): boolean {
  return words.some((word) => /^(?:-[A-Za-z]*R|--recursive$)/.test(word));
}

function containerLoss(words: readonly string[]): string | false {
  const [first = "", second = ""] = words;
  return (
    (/^(?:rm|rmi|kill|prune)$/.test(first) || /^(?:rm|remove|prune)$/.test(second)) &&
    "deletes containers, images or volumes"
  );
}

function sqlLoss(words: readonly string[]): string | false {
  return (
    words.some((word) => /\b(?:drop|truncate|delete\s+from)\b/i.test(word)) && "deletes data in a database"
  );
}
