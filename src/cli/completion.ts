/** `axiom completion bash|zsh|fish`: a script made from the commands themselves. */

import { Argument, type Command } from 'commander';
import { print } from './output';

/** Every command's words with what may follow: `secrets add` → `--file --json …`. */
function wordsOf(command: Command, path: string): Map<string, string[]> {
  const choices = command.registeredArguments.flatMap((argument) => argument.argChoices ?? []);
  const words = new Map([
    [
      path,
      [
        ...command.commands.map((sub) => sub.name()),
        ...choices,
        ...command.options.flatMap((o) => o.long ?? []),
      ],
    ],
  ]);
  for (const sub of command.commands) {
    for (const [key, value] of wordsOf(sub, `${path} ${sub.name()}`.trim())) words.set(key, value);
  }
  return words;
}

function bash(program: Command): string {
  const cases = [...wordsOf(program, '')].map(
    ([path, words]) => `    '${path}') words='${words.join(' ')}' ;;`,
  );
  return `_axiom() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  while :; do
    case "$path" in
${cases.join('\n')}
    esac
    [ -n "$words" ] || [ -z "$path" ] && break
    case "$path" in *' '*) path="\${path% *}" ;; *) path='' ;; esac
  done
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _axiom axiom`;
}

function fish(program: Command): string {
  return [...wordsOf(program, '')]
    .flatMap(([path, words]) => {
      const when =
        path === ''
          ? '__fish_use_subcommand'
          : path
              .split(' ')
              .map((word) => `__fish_seen_subcommand_from ${word}`)
              .join('; and ');
      return words.map((word) =>
        word.startsWith('--')
          ? `complete -c axiom -n '${when}' -l '${word.slice(2)}'`
          : `complete -c axiom -n '${when}' -a '${word}'`,
      );
    })
    .join('\n');
}

export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .description('print a completion script; for example: source <(axiom completion bash)')
    .action((shell: string) => {
      if (shell === 'fish') return print(fish(program));
      print(
        shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${bash(program)}` : bash(program),
      );
    });
}
