// How a program is started with an overlay over a folder: unshare(1), mount(8), and our own identity again. The mounts
// are seen by that program and its children alone, and end with the last of them.
import { runProcess } from "../../lib/subprocess.ts";
import { mountsBelow, readMounts } from "./mounts.ts";
import type { TryPlaces } from "./record.ts";

export type MountPlan = { file: string; args: readonly string[] };

/**
 * $1 the folder of the try, $2 the covered folder, $3 where to start, $4 and $5 user and group to be again, "" for root.
 * Paths of layers are relative, because a comma or a colon in one would end it (mount(8), overlay options). `userxattr`
 * is what an overlay mounted without privileges needs (kernel, filesystems/overlayfs). The inner unshare gives up what
 * the outer one gained, so that nothing the session runs can take the overlay away.
 */
const SCRIPT = `
set -e
cd "$1"
mount --bind -- "$2" real
mount -t overlay -o lowerdir=real,upperdir=upper,workdir=work,userxattr overlay "$2"
cd -- "$3"
user=$4 group=$5
shift 5
[ -n "$user" ] || exec "$@"
exec unshare --user --map-user="$user" --map-group="$group" -- "$@"
`;

export type Identity = { uid: number; gid: number };

/** `start` is the folder that the program starts in. */
export function mountPlan(
  { folder }: Pick<TryPlaces, "folder">,
  { covered, start, identity }: { covered: string; start: string; identity: Identity },
  command: readonly string[],
): MountPlan {
  const isRoot = identity.uid === 0;
  const spaces = isRoot ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
  const user = isRoot ? ["", ""] : [String(identity.uid), String(identity.gid)];
  const shell = ["/bin/sh", "-c", SCRIPT, "hearth-try", folder, covered, start, ...user, ...command];
  return { file: "unshare", args: [...spaces, "--propagation", "private", "--", ...shell] };
}

export function ownIdentity(): Identity {
  return { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 };
}

/** Mounts it for a moment: null when that works, else why not, in words. */
export async function mountProblem(
  places: TryPlaces,
  { covered, env }: { covered: string; env: Record<string, string> },
): Promise<string | null> {
  const below = mountsBelow(covered, readMounts());
  if (below.length > 0) return `another file system is mounted at ${below[0]}`;
  const plan = mountPlan(places, { covered, start: covered, identity: ownIdentity() }, ["true"]);
  let said = "";
  try {
    const end = await runProcess(plan.file, plan.args, {
      cwd: places.folder,
      env,
      signal: AbortSignal.timeout(PROBE_MS),
      onOutput: (text) => {
        said += text;
      },
    });
    if (end.exitCode === 0) return null;
    return said.trim().split("\n")[0] || "the kernel refused it";
  } catch {
    return "unshare is not installed";
  }
}

const PROBE_MS = 10_000;
