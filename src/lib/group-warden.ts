// The warden: a small shell that lives a moment longer than we do. Where we are ended so that nothing of ours runs any
// more (SIGKILL, a crash), its input ends, and it ends the process groups it was told of.
import { spawn } from "node:child_process";
import type { Writable } from "node:stream";

/** Takes lines "+ GROUP" and "- GROUP"; at the end of its input what is left gets KILL. POSIX sh, builtins alone. */
const SCRIPT = `
trap '' HUP INT TERM QUIT
groups=
while read -r what group; do
  if [ "$what" = + ]; then
    groups="$groups $group"
  else
    left=
    for each in $groups; do [ "$each" = "$group" ] || left="$left $each"; done
    groups=$left
  fi
done
for each in $groups; do kill -KILL -"$each" 2>/dev/null; done
`;

/** Module state, because one of it serves all processes of the program. Started with the first group. */
let warden: Writable | null = null;

/** Before a program starts that is to be watched: on a busy machine starting the warden can take longer than we live. */
export function readyWarden(): void {
  warden ??= startWarden();
}

/** From now on the group ends with us, however we end. */
export function watchGroup(pid: number): void {
  warden ??= startWarden();
  warden.write(`+ ${pid}\n`);
}

/** The group is over: its number may be another's soon. */
export function forgetGroup(pid: number): void {
  warden?.write(`- ${pid}\n`);
}

function startWarden(): Writable {
  const child = spawn("/bin/sh", ["-c", SCRIPT], {
    cwd: "/",
    env: {},
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const { stdin } = child;
  // Without a shell, or when somebody ended it, groups are still ended at every exit that we see ourselves.
  const lose = (): void => {
    if (warden === stdin) warden = null;
  };
  child.once("error", lose);
  child.once("exit", lose);
  stdin.on("error", lose);
  // It must not keep us alive.
  child.unref();
  if ("unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  return stdin;
}
