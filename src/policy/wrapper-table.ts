// Which programs run another one, and how their own options are told from it. Data only; the options are those
// of GNU coreutils, util-linux, sudo and the BSDs.

export type PrefixWrapper = {
  /** True when it changes nothing that matters for permission: the inner command alone decides. */
  transparent: boolean;
  /** Options whose value is the next word. */
  valueOptions: ReadonlySet<string>;
  /** `NAME=value` words may stand before the command. */
  assignments?: boolean;
  /** Words of its own between options and command (the duration of `timeout`). */
  positionals?: number;
  /** An option that holds the whole command as text. */
  splitOption?: RegExp;
  /** Options that make a transparent one do something itself, like writing a file. */
  effects?: RegExp;
};

export const SHELLS: ReadonlySet<string> = new Set(
  "sh bash zsh dash ksh mksh ash fish rbash csh tcsh".split(" "),
);

function wrapper(valueOptions: string, rest: Partial<PrefixWrapper> = {}): PrefixWrapper {
  return { transparent: true, valueOptions: new Set(valueOptions.split(" ")), ...rest };
}

const SUDO_VALUES =
  "-u -g -h -p -C -r -t -T -U -D -R --user --group --host --prompt --close-from --role --type --chdir --chroot --command-timeout --other-user";

const PREFIXES: Readonly<Record<string, PrefixWrapper>> = {
  sudo: wrapper(SUDO_VALUES, { transparent: false, assignments: true }),
  doas: wrapper("-u -C -a", { transparent: false }),
  pkexec: wrapper("--user", { transparent: false }),
  env: wrapper("-u --unset -C --chdir -P -a --argv0", {
    assignments: true,
    splitOption: /^(?:-[iv0]*S|--split-string=?)/,
    effects: /^(?:-[A-Za-z0]*[CP]|--chdir)/,
  }),
  nice: wrapper("-n --adjustment"),
  nohup: wrapper(""),
  time: wrapper("-f -o --format --output", { effects: /^(?:-[A-Za-z]*o|--o)/ }),
  gtime: wrapper("-f -o --format --output", { effects: /^(?:-[A-Za-z]*o|--o)/ }),
  timeout: wrapper("-s -k --signal --kill-after", { positionals: 1 }),
  gtimeout: wrapper("-s -k --signal --kill-after", { positionals: 1 }),
  command: wrapper(""),
  builtin: wrapper(""),
  exec: wrapper("-a"),
  coproc: wrapper(""),
  "!": wrapper(""),
  stdbuf: wrapper("-i -o -e --input --output --error"),
  setsid: wrapper(""),
  ionice: wrapper("-c -n --class --classdata"),
  chrt: wrapper("", { positionals: 1 }),
  taskset: wrapper("", { positionals: 1 }),
  unbuffer: wrapper(""),
  caffeinate: wrapper("-t -w"),
  busybox: wrapper(""),
  toybox: wrapper(""),
  chroot: wrapper("", { transparent: false, positionals: 1 }),
  flock: wrapper("-w -E --timeout --conflict-exit-code", { transparent: false, positionals: 1 }),
  strace: wrapper("-e -o -p -s -u -E -a -S", { transparent: false }),
  ltrace: wrapper("-e -o -p -s -u -a -n", { transparent: false }),
};

export const PREFIX_WRAPPERS: ReadonlyMap<string, PrefixWrapper> = new Map(Object.entries(PREFIXES));
