// `hearth completion SHELL`: a completion script made from the command table itself.
import type { Command } from "commander";
import { AppError } from "../../lib/app-error.ts";
import { EXIT } from "../exit.ts";

const SCRIPTS: Readonly<Record<string, (words: Words) => string>> = { bash, zsh, fish };

type Words = { commands: readonly { name: string; description: string }[]; flags: readonly string[] };

/** Prints the script. Throws `cli.shell` for a shell we have none for. */
export function completionCommand(shell: string, program: Command): Promise<number> {
  const script = SCRIPTS[shell];
  if (!script) {
    throw new AppError("cli.shell", `There is no completion for "${shell}".`, {
      hint: "Known: bash, zsh, fish.",
    });
  }
  const words = {
    commands: program.commands.map((command) => ({
      name: command.name(),
      description: command.description(),
    })),
    flags: program.options.flatMap((option) => (option.long ? [option.long] : [])),
  };
  process.stdout.write(script(words));
  return Promise.resolve(EXIT.completed);
}

function bash({ commands, flags }: Words): string {
  const words = [...commands.map((command) => command.name), ...flags].join(" ");
  return `_hearth() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=($(compgen -W "${words}" -- "$word") $(compgen -f -- "$word"))
}
complete -F _hearth hearth
`;
}

function zsh({ commands, flags }: Words): string {
  const rows = commands.map((command) => `    '${command.name}:${command.description.replaceAll("'", "")}'`);
  return `#compdef hearth
_hearth() {
  local -a commands
  commands=(
${rows.join("\n")}
  )
  if [[ $words[CURRENT] == -* ]]; then compadd -- ${flags.join(" ")}; else _describe command commands; _files; fi
}
compdef _hearth hearth
`;
}

function fish({ commands, flags }: Words): string {
  const rows = commands.map(
    (command) =>
      `complete -c hearth -n __fish_use_subcommand -a ${command.name} -d '${command.description.replaceAll("'", "")}'`,
  );
  const options = flags.map((flag) => `complete -c hearth -l ${flag.slice(2)}`);
  return `${[...rows, ...options].join("\n")}\n`;
}
