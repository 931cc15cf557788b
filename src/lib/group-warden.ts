// The warden: a small shell that lives a moment longer than we do. Where we are ended so that nothing of ours runs any
// more (SIGKILL, a crash), its input ends, and it ends the process groups it was told of.
import { spawn } from "node:child_process";
import type { Writable } from "node:stream";

/**
 * Takes lines "+ GROUP", "s LEADER" (a terminal's session, jobs of a shell in it have other groups), "e TEXT" (what has it
 * in its environment) and "- NUMBER"; at the end of its input what is left gets KILL. POSIX sh, builtins and grep alone.
 * Fields after the name: proc_pid_stat(5).
 */
const SCRIPT = `
trap '' HUP INT TERM QUIT
groups=
sessions=
text=
while read -r what group; do
  if [ "$what" = + ]; then
    groups="$groups $group"
  elif [ "$what" = s ]; then
    groups="$groups $group"
    sessions="$sessions $group"
  elif [ "$what" = e ]; then
    text=$group
  else
    left=
    for each in $sessions; do [ "$each" = "$group" ] || left="$left $each"; done
    sessions=$left
    left=
    for each in $groups; do [ "$each" = "$group" ] || left="$left $each"; done
    groups=$left
  fi
done
[ -z "$sessions" ] || for stat in /proc/[0-9]*/stat; do
  { read -r line < "$stat"; } 2>/dev/null || continue
  pid=\${line%% *}
  set -- \${line##*) }
  case "$sessions " in *" $4 "*) kill -KILL "$pid" 2>/dev/null ;; esac
done
for each in $groups; do kill -KILL -"$each" 2>/dev/null; done
[ -z "$text" ] || for file in $(grep -laF "$text" /proc/[0-9]*/environ 2>/dev/null); do
  pid=\${file#/proc/}
  kill -KILL "\${pid%/environ}" 2>/dev/null
done
`;

/** Module state, because one of it serves all processes of the program. Started with the first group. */
let warden: Writable | null = null;

/** From now on the group ends with us, however we end. */
export function watchGroup(pid: number): void {
  openWarden();
  warden?.write(`+ ${pid}\n`);
}

/** From now on whatever has this text (one line) in its environment ends with us, in whatever group it is. On Linux. */
export function watchEnvironment(text: string): void {
  openWarden();
  warden?.write(`e ${text}\n`);
}

/** As watchGroup, for the leader of a terminal's session and whatever runs in it. */
export function watchSession(pid: number): void {
  openWarden();
  warden?.write(`s ${pid}\n`);
}

/**
 * Starts it before there is something to watch: it must not inherit a terminal, which would then outlive us, and on a busy
 * machine its start can take longer than we live.
 */
export function openWarden(): void {
  warden ??= startWarden();
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
